"""Run the notebook in its own process and keep what it handed to the fit."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from nbprod.findings import Finding, NotebookError
from nbprod.notebook import Notebook
from nbprod.verify.evidence import Evidence, origin
from nbprod.verify.project import Project
from nbprod.verify.run import Run
from nbprod.verify.supervise import Child, Message
from nbprod.verify.workspace import Workspace


def record(
    notebook: Notebook, project: Project, space: Workspace, run: Run, evidence: Evidence
) -> dict[str, Any] | None:
    """Run the notebook; return what was recorded when it reached the fit, else None."""
    last = max((c.number for c in notebook.code_cells), default=0)
    current = {"number": 0}

    def report(message: Message) -> None:
        if message["kind"] == "cell":
            current["number"] = message["number"]
            run.progress(f"notebook: cell {message['number']} of {last}")

    ended = started(notebook, project, space, run).run(run.limits, report)
    done = ended.last("done")
    if done is None and not ended.messages:
        raise NotebookError(
            f"{run.python} {ended.problem} before the first cell; it must have NumPy and what the "
            "notebook imports (--python or --kernel choose another)"
        )
    failure = (
        done["failure"] if done else {"cell": current["number"], "line": 1, "error": ended.problem}
    )
    _report_failure(failure, bool(done and done["fit"]), notebook, space, evidence)
    evidence.facts.update(notebook=Path(notebook.path).name, notebook_hash=notebook.content_hash)
    if done is None:
        return None
    evidence.facts.update(python=done["python"], versions=done["versions"])
    if done["fit"] is None and failure is None:
        sink = project.plan.get("sink", {})
        message = (
            f"the notebook ran, but never reached {sink.get('source', 'the fit of the plan')!r}"
        )
        evidence.findings.append(Finding("E-SINK-NOT-REACHED", message, origin(sink)))
    if done["fit"] is None:
        return None
    if done["fit"]["X"] is None:
        evidence.findings.append(_not_comparable(done["fit"]))
        return None
    if done["fit"]["unseeded"]:
        message = (
            "training draws random numbers without a seed; both runs were pinned to the same ones"
        )
        evidence.findings.append(
            Finding(
                "I-UNSEEDED", message, origin(done["fit"]), advice="pass random_state to the model"
            )
        )
    return done


def started(
    notebook: Notebook, project: Project, space: Workspace, run: Run, *, history: bool = False
) -> Child:
    """Start the notebook; with ``history`` it ends before the fit and leaves what each statement did."""
    cells = [
        {"number": c.number, "code": c.code, "tags": list(c.tags)}
        for c in notebook.code_cells
        if "skip-execution" not in c.tags
    ]
    content = {
        "cells": cells,
        "folder": str(space.folder),
        "records": str(space.records),
        "sink": project.plan.get("sink", {}),
        "history": history,
    }
    request = space.root / "notebook.json"
    request.write_text(json.dumps(content), "utf-8")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONSTARTUP"}
    temporary = space.root / "tmp"
    temporary.mkdir(exist_ok=True)
    environment.update(PYTHONDONTWRITEBYTECODE="1", PYTHONHASHSEED="0", TMPDIR=str(temporary))
    return run.child("notebook.run", request, environment)


def _not_comparable(fit: dict[str, Any]) -> Finding:
    message = (
        f"the notebook hands a {fit['type'] or 'value'} to fit, which has no rows to compare "
        "or more than 20 million values"
    )
    advice = "fit on a DataFrame, an array or a sparse matrix, or on fewer rows for the proof"
    return Finding("E-SINK-UNTYPED", message, origin(fit), advice=advice)


def _report_failure(
    failure: dict[str, Any] | None,
    reached: bool,
    notebook: Notebook,
    space: Workspace,
    evidence: Evidence,
) -> None:
    if failure is None:
        return
    where = "after the fit" if reached else "before the fit, so nothing can be compared"
    advice = "run the notebook from top to bottom and repair that cell"
    if failure["error"].startswith("ModuleNotFoundError"):
        advice = (
            "install it where the notebook runs, or name that environment with --python or --kernel"
        )
    shell = [f for f in notebook.findings if f.code.endswith("-SHELL") and f.origin]
    if shell:
        advice += f"; shell lines are not run (the first is in {shell[0].origin}): run them before"
    if space.left_out:
        advice += (
            f"; links that lead out of the folder were not copied: {', '.join(space.left_out[:3])}"
        )
    message = f"the notebook fails {where}: {failure['error']}"
    evidence.findings.append(Finding("W-NOTEBOOK-FAILS", message, origin(failure), "", advice))
