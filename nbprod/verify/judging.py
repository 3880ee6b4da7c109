"""Run the package in its own processes and collect the outcome of every check."""

from __future__ import annotations

import json
import os
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from nbprod.findings import Finding
from nbprod.notebook import Notebook
from nbprod.verify.evidence import Evidence, finding
from nbprod.verify.project import Project
from nbprod.verify.run import Run
from nbprod.verify.supervise import Child, Ended, Message, end_group
from nbprod.verify.workspace import Workspace


def judge(
    recorded: dict[str, Any],
    notebook: Notebook,
    project: Project,
    space: Workspace,
    run: Run,
    evidence: Evidence,
) -> None:
    """Run the package in two processes: one that fits and trains, one that reloads and serves."""
    scratch = Path(tempfile.mkdtemp(prefix="judge-", dir=space.root))
    request = scratch / "judge.json"
    content = {
        "package": project.package,
        "source": str(project.source.resolve()),
        "records": str(space.records),
        "scratch": str(scratch),
        "folder": str(space.folder),
        "run": recorded,
        "all_rows": run.all_rows,
        "plan": {**project.plan, "cells": {str(c.number): c.code for c in notebook.code_cells}},
    }
    request.write_text(json.dumps(content), "utf-8")
    environment = package_environment(project, space, scratch)
    reloading = _reloading(content, scratch, _elsewhere(environment), run)
    try:
        with ThreadPoolExecutor(1) as pool:
            _judge(request, environment, reloading, pool, run, evidence)
    finally:
        reloading.stop()


def _judge(
    request: Path,
    environment: dict[str, str],
    reloading: Child,
    pool: ThreadPoolExecutor,
    run: Run,
    evidence: Evidence,
) -> None:
    fresh: list[Future[Ended]] = []

    def take(message: Message) -> None:
        if message["kind"] == "check":
            run.progress(f"{message['id']} {message['name']}: {message['status']}")
        evidence.take(message)

    def report(message: Message) -> None:
        if message["kind"] == "trained":
            fresh.append(pool.submit(reloading.run, run.limits, take))
        elif message["kind"] == "step":
            run.progress(f"package: {message['text']}")
        else:
            take(message)

    try:
        ended = run.child("judge.run", request, environment).run(run.limits, report)
        (request.parent / "closed").touch()  # nobody needs rows to be scored any more
        _note_end("the package's process", ended, evidence)
        for future in fresh:
            _note_end("the reloading process", future.result(), evidence)
    finally:
        end_group(reloading.process.pid)  # the pool waits for it, also after an interrupt


def _reloading(
    content: dict[str, Any], scratch: Path, environment: dict[str, str], run: Run
) -> Child:
    """Start the process that waits for the trained version: it imports while the other one trains."""
    request = scratch / "reload.json"
    wanted = {name: content[name] for name in ("package", "source", "scratch", "all_rows")}
    place = {
        **wanted,
        "trained": str(scratch / "fresh.json"),
        "absent": content["plan"].get("training_imports", []),
    }
    request.write_text(json.dumps(place), "utf-8")
    return run.child("judge.fresh", request, environment)


def _note_end(who: str, ended: Ended, evidence: Evidence) -> None:
    done = ended.last("done")
    if ended.problem:
        evidence.findings.append(Finding("E-PACKAGE", f"{who} {ended.problem}"))
    elif done and done.get("problem"):
        evidence.findings.append(finding(done["problem"]))


def _elsewhere(environment: dict[str, str]) -> dict[str, str]:
    """Return the variables of another process, in which text has other hashes and sets another order."""
    return {**environment, "PYTHONHASHSEED": "1"}


def package_environment(project: Project, space: Workspace, scratch: Path) -> dict[str, str]:
    """Return the variables of a judging process: data and registry in the workspace."""
    prefix = project.package.upper()
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONSTARTUP")}
    return {
        **kept,
        f"{prefix}_DATA_DIR": str(space.folder),
        f"{prefix}_REGISTRY": str(scratch / "registry"),
        f"{prefix}_MONITORING": str(scratch / "monitoring"),
        f"{prefix}_RELOAD_SECONDS": "0",
        "TMPDIR": str(
            scratch
        ),  # what is left there when everything is killed goes with the workspace
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "Agg",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
