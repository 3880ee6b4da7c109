"""``verify``: run the notebook, run the package, compare, and write the certificate."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from nbprod.findings import Finding, NotebookError, Origin
from nbprod.notebook import Notebook, read
from nbprod.verify import certificate, supervise
from nbprod.verify.project import Project, open_project
from nbprod.verify.supervise import Child, Ended, Limits, Message
from nbprod.verify.verdict import CHECKS, Check, Verdict, level
from nbprod.verify.workspace import Workspace, workspace

Progress = Callable[[str], None]


@dataclass
class _Evidence:
    """What the processes reported so far."""

    checks: list[Check] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    assumptions: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def take(self, message: Message) -> None:
        """Add one message of a judging process."""
        kind = message["kind"]
        if kind == "check":
            details = message.get("details", {})
            self.checks.append(
                Check(message["id"], message["name"], message["status"], message["figure"], details)
            )
            self.findings += [_finding(found) for found in message["findings"]]
            self.assumptions += message.get("assumptions", [])
        elif kind == "finding":
            self.findings.append(_finding(message))
        elif kind == "facts":
            self.facts.update({k: v for k, v in message.items() if k != "kind"})


@dataclass(frozen=True)
class _Run:
    """How to run interpreters for one verification."""

    python: str
    limits: Limits
    progress: Progress
    token: str

    def child(self, module: str, request: Path, environment: dict[str, str]) -> Child:
        """Start a module of the probe."""
        return Child(self.python, module, request, environment, self.token)


def verify(
    notebook: Path,
    project: Path,
    *,
    python: str | None = None,
    kernel: str | None = None,
    timeout: float = 1800.0,
    max_memory: int | None = None,
    progress: Callable[[str], None] = lambda text: None,
) -> Verdict:
    """Prove that a package does what the notebook did; write ``verdict.json`` and ``verdict.html``.

    Args:
        notebook: the notebook; it runs in a copy of its folder.
        project: a folder that follows ``docs/generated-project.md``, generated or written by hand.
        python: the interpreter of the notebook's environment, by default this one.
        kernel: a Jupyter kernel whose interpreter to use instead.
        timeout: seconds for the notebook, and again for the package.
        max_memory: bytes for a process with all its descendants; by default 3/4 of the machine's.
        progress: called with one line about each step.

    Raises:
        NotebookError: notebook or project cannot be read, or there is no such kernel.
    """
    cells, subject = read(notebook), open_project(project)
    limits = Limits(timeout, max_memory or supervise.default_memory())
    run = _Run(_interpreter(python, kernel), limits, progress, supervise.new_token())
    evidence = _Evidence()
    _look_at_files(cells, subject, evidence)
    with workspace(notebook, project, subject.paths, run.token) as space:
        recorded = _run_notebook(cells, subject, space, run, evidence)
        if recorded is not None:
            space.restore()
            _judge(recorded, cells, subject, space, run, evidence)
    verdict = _decide(subject, evidence)
    _replace(project / "verdict.html", certificate.render(verdict, cells, subject.plan))
    _replace(
        project / "verdict.json", json.dumps(verdict.as_dict(), indent=2, ensure_ascii=False) + "\n"
    )
    return verdict


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, "utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _interpreter(python: str | None, kernel: str | None) -> str:
    if kernel is None:
        return python or supervise.default_python()
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        return str(KernelSpecManager().get_kernel_spec(kernel).argv[0])
    except NoSuchKernel:
        names = ", ".join(KernelSpecManager().find_kernel_specs()) or "none"
        raise NotebookError(f"no kernel {kernel!r}; installed are: {names}") from None


def _look_at_files(notebook: Notebook, project: Project, evidence: _Evidence) -> None:
    """Compare the notebook with the one that was converted, and its counts with its order."""
    if project.notebook_hash and project.notebook_hash != notebook.content_hash:
        message = "the notebook was edited after the project was generated"
        evidence.findings.append(
            Finding("E-BEHIND", message, advice=f"run `nbprod convert {notebook.path}`")
        )
    counts = [(c.execution_count, c.number) for c in notebook.code_cells if c.execution_count]
    for (before, _), (after, number) in pairwise(counts):
        if before > after:
            message = (
                f"cell {number} was last run before a cell above it (In [{after}], In [{before}])"
            )
            advice = "the saved outputs may not be those of a run from top to bottom; run all cells again"
            evidence.findings.append(
                Finding("W-OUT-OF-ORDER", message, Origin(number, 1), "", advice)
            )
            break


def _environment(project: Project, space: Workspace) -> dict[str, str]:
    """Return the variables of a judging process: data and registry in the workspace."""
    prefix = project.package.upper()
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONSTARTUP")}
    return {
        **kept,
        f"{prefix}_DATA_DIR": str(space.folder),
        f"{prefix}_REGISTRY": str(space.root / "registry"),
        f"{prefix}_RELOAD_SECONDS": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "Agg",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def _run_notebook(
    notebook: Notebook, project: Project, space: Workspace, run: _Run, evidence: _Evidence
) -> dict[str, Any] | None:
    """Run the notebook; return what was recorded when it reached the fit, else None."""
    request = space.root / "notebook.json"
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
    }
    request.write_text(json.dumps(content), "utf-8")
    last = max((c.number for c in notebook.code_cells), default=0)
    current = {"number": 0}

    def report(message: Message) -> None:
        if message["kind"] == "cell":
            current["number"] = message["number"]
            run.progress(f"notebook: cell {message['number']} of {last}")

    environment = {k: v for k, v in os.environ.items() if k != "PYTHONSTARTUP"}
    environment.update(PYTHONDONTWRITEBYTECODE="1", PYTHONHASHSEED="0")
    ended = run.child("notebook.run", request, environment).run(run.limits, report)
    done = ended.last("done")
    failure = (
        done["failure"] if done else {"cell": current["number"], "line": 1, "error": ended.problem}
    )
    _report_failure(failure, bool(done and done["fit"]), space, evidence)
    evidence.facts.update(notebook=Path(notebook.path).name, notebook_hash=notebook.content_hash)
    if done is None:
        return None
    evidence.facts.update(python=done["python"], versions=done["versions"])
    if done["fit"] is None and failure is None:
        sink = project.plan.get("sink", {})
        message = (
            f"the notebook ran, but never reached {sink.get('source', 'the fit of the plan')!r}"
        )
        evidence.findings.append(Finding("E-SINK-NOT-REACHED", message, _origin(sink)))
    if done["fit"] is None or done["fit"]["X"] is None:
        return None
    if done["fit"]["unseeded"]:
        message = (
            "training draws random numbers without a seed; both runs were pinned to the same ones"
        )
        evidence.findings.append(
            Finding(
                "I-UNSEEDED", message, _origin(done["fit"]), advice="pass random_state to the model"
            )
        )
    return done


def _report_failure(
    failure: dict[str, Any] | None, reached: bool, space: Workspace, evidence: _Evidence
) -> None:
    if failure is None:
        return
    where = "after the fit" if reached else "before the fit, so nothing can be compared"
    advice = "run the notebook from top to bottom and repair that cell"
    if space.left_out:
        advice += (
            f"; links that lead out of the folder were not copied: {', '.join(space.left_out[:3])}"
        )
    message = f"the notebook fails {where}: {failure['error']}"
    evidence.findings.append(Finding("W-NOTEBOOK-FAILS", message, _origin(failure), "", advice))


def _judge(
    recorded: dict[str, Any],
    notebook: Notebook,
    project: Project,
    space: Workspace,
    run: _Run,
    evidence: _Evidence,
) -> None:
    """Run the package in two processes: one that fits and trains, one that reloads and serves."""
    from concurrent.futures import Future, ThreadPoolExecutor

    scratch = space.root / "scratch"
    scratch.mkdir()
    request = space.root / "judge.json"
    content = {
        "package": project.package,
        "source": str(project.source.resolve()),
        "records": str(space.records),
        "scratch": str(scratch),
        "folder": str(space.folder),
        "run": recorded,
        "plan": {**project.plan, "cells": {str(c.number): c.code for c in notebook.code_cells}},
    }
    request.write_text(json.dumps(content), "utf-8")
    environment = _environment(project, space)
    with ThreadPoolExecutor(1) as pool:
        fresh: list[Future[Ended]] = []

        def report(message: Message) -> None:
            if message["kind"] == "trained":
                child = run.child("judge.fresh", Path(message["request"]), environment)
                fresh.append(pool.submit(child.run, run.limits, evidence.take))
            elif message["kind"] == "step":
                run.progress(f"package: {message['text']}")
            else:
                if message["kind"] == "check":
                    run.progress(f"{message['id']} {message['name']}: {message['status']}")
                evidence.take(message)

        ended = run.child("judge.run", request, environment).run(run.limits, report)
        _note_end("the package's process", ended, evidence)
        for future in fresh:
            _note_end("the reloading process", future.result(), evidence)


def _note_end(who: str, ended: Ended, evidence: _Evidence) -> None:
    done = ended.last("done")
    if ended.problem:
        evidence.findings.append(Finding("E-PACKAGE", f"{who} {ended.problem}"))
    elif done and done.get("problem"):
        evidence.findings.append(_finding(done["problem"]))


def _sites(project: Project, checks: Sequence[Check]) -> tuple[dict[str, Any], ...]:
    """Return the learn sites with what the checks say about each."""
    by_id = {check.id: check for check in checks}
    noticed = by_id["V13"].details.get("noticed", {})
    good = all(by_id[identity].green for identity in ("V1", "V4"))

    def status(field: str) -> str:
        if not good or field not in noticed:
            return "unproven"
        return "proven" if noticed[field] else "untested"

    return tuple(
        {**site, "status": status(site["field"])} for site in project.plan.get("sites", [])
    )


def _decide(project: Project, evidence: _Evidence) -> Verdict:
    static = project.static_findings
    assumptions = [*project.plan.get("assumptions", []), *evidence.assumptions]
    seen = {check.id for check in evidence.checks}
    missing = [
        Check(identity, "not run", "skipped", "the run ended before it")
        for identity in CHECKS
        if identity not in seen
    ]
    checks = sorted([*evidence.checks, *missing], key=lambda check: int(check.id[1:]))
    located = {finding.code for finding in evidence.findings if finding.origin}
    told = [f for f in evidence.findings if f.origin or f.code not in located]
    findings = tuple(dict.fromkeys([*static, *told]))
    return Verdict(
        level(checks, evidence.findings, static, assumptions),
        tuple(checks),
        findings,
        tuple(assumptions),
        _sites(project, checks),
        evidence.facts,
    )


def _finding(found: dict[str, Any]) -> Finding:
    return Finding(
        found["code"],
        found["message"],
        _origin(found),
        found.get("source", ""),
        found.get("advice", ""),
    )


def _origin(place: dict[str, Any]) -> Origin | None:
    return Origin(place["cell"], place.get("line") or 1) if place.get("cell") else None
