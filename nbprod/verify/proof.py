"""``verify``: run the notebook, run the package, compare, and write the certificate."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbprod.findings import Finding
from nbprod.interpreter import interpreter, this_python
from nbprod.modules.final_fit import with_final_fit
from nbprod.modules.fit_scope import training_scope
from nbprod.notebook import Notebook, read_together
from nbprod.notebook.order import out_of_order
from nbprod.verify import certificate, versions
from nbprod.verify.evidence import Evidence
from nbprod.verify.judging import judge
from nbprod.verify.localising import locate_fit
from nbprod.verify.project import Project, open_project
from nbprod.verify.recording import record
from nbprod.verify.run import Run
from nbprod.verify.scope_scores import scores
from nbprod.verify.supervise import Limits, default_memory, new_token
from nbprod.verify.verdict import CHECKS, NOT_RUN, Check, Verdict, level
from nbprod.verify.workspace import workspace

ROWS = Path("tests/data/notebook.json")
# Findings that keep a check from being green, whatever the comparison on this machine says.
HIDDEN_INPUTS = {"W-CLOCK": "V8", "W-OUTSIDE": "V8", "W-CORRECTED-ROW": "V3"}


def verify(
    notebook: Path,
    project: Path,
    *,
    then: Sequence[Path] = (),
    python: str | None = None,
    kernel: str | None = None,
    project_python: str | None = None,
    timeout: float = 1800.0,
    max_memory: int | None = None,
    all_rows: bool = False,
    keep_rows: bool = True,
    progress: Callable[[str], None] = lambda text: None,
) -> Verdict:
    """Prove that a package does what the notebook did; write ``verdict.json`` and ``verdict.html``.

    Args:
        notebook: the notebook; it runs in a copy of its folder.
        then: the notebooks that go on where it ends, as they were converted.
        project: a folder that follows ``docs/generated-project.md``, generated or written by hand.
        python: the interpreter of the notebook's environment, by default this one.
        kernel: a Jupyter kernel whose interpreter to use instead.
        project_python: the interpreter for the package where that one is too old; by default this one.
        timeout: seconds for the notebook, and again for the package.
        max_memory: bytes for a process with all its descendants; by default 3/4 of the machine's.
        all_rows: score every row alone (V4) instead of as many as two seconds allow.
        keep_rows: leave a few rows of the notebook's data with the project's tests; without, the
            certificate tells neither categories nor ranges nor learned values.
        progress: called with one line about each step.

    Raises:
        NotebookError: notebook or project cannot be read, or there is no such kernel.
    """
    cells, subject = read_together([notebook, *then]), open_project(project)
    scoped = subject.plan.get("fit_scope") == "train"
    asked_for = subject.plan.get("fit_model") or None
    if subject.plan.get("final_fit"):
        cells = with_final_fit(cells, asked_for) or cells
    if scoped:
        cells = training_scope(cells, asked_for)
    limits = Limits(timeout, max_memory or default_memory())
    host = interpreter(python, kernel) or this_python()
    run = Run(host, limits, progress, new_token(), all_rows)
    other = interpreter(project_python, None)
    evidence = Evidence()
    _look_at_files(cells, subject, evidence)
    with workspace(notebook, project, subject.paths, run.token) as space:
        recorded = record(cells, subject, space, run, evidence)
        if recorded is not None:
            space.restore()
            host = versions.package_python(recorded, run.python, other)
            package_run = replace(run, python=host)
            judge(recorded, cells, subject, space, package_run, evidence)
            if any(found.code == "E-FIT-DIFFERS" for found in evidence.findings):
                space.restore()
                locate_fit(recorded, cells, subject, space, (run, package_run), evidence)
            versions.report(subject, evidence)
            if scoped:
                evidence.facts["fit_scope"] = scores([notebook, *then], subject, space, package_run)
    samples = evidence.facts.pop("samples", None)
    verdict = _decide(subject, evidence if keep_rows else _without_values(evidence))
    if not keep_rows:
        (project / ROWS).unlink(missing_ok=True)
    elif samples and verdict.exit_code == 0:
        unseeded = any(f.code == "I-UNSEEDED" for f in verdict.findings)
        _keep_samples(project, samples, unseeded=unseeded)
    _replace(project / "verdict.html", certificate.render(verdict, cells, subject.plan))
    _replace(
        project / "verdict.json", json.dumps(verdict.as_dict(), indent=2, ensure_ascii=False) + "\n"
    )
    return verdict


def _keep_samples(project: Path, samples: dict[str, Any], *, unseeded: bool) -> None:
    """Hand a few rows of the notebook to the project's own tests, which compare with them."""
    if unseeded:
        samples = {**samples, "predictions": None}
    (project / ROWS).parent.mkdir(parents=True, exist_ok=True)
    _replace(project / ROWS, json.dumps(samples, indent=1, ensure_ascii=False) + "\n")


def _without_values(evidence: Evidence) -> Evidence:
    """Leave out what the certificate would tell about single rows."""
    facts = {name: value for name, value in evidence.facts.items() if name != "learned"}
    columns = facts.get("raw_columns", [])
    facts["raw_columns"] = [{k: c[k] for k in ("name", "dtype", "required")} for c in columns]
    return replace(evidence, facts=facts)


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, "utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _look_at_files(notebook: Notebook, project: Project, evidence: Evidence) -> None:
    """Compare the notebook with the one that was converted, and its counts with its order."""
    if project.notebook_hash and project.notebook_hash != notebook.content_hash:
        message = "the notebook was edited after the project was generated"
        evidence.findings.append(
            Finding("E-BEHIND", message, advice=f"run `nbprod convert {notebook.path}`")
        )
    evidence.findings.extend(out_of_order(notebook))


def _sites(project: Project, checks: Sequence[Check]) -> tuple[dict[str, Any], ...]:
    """Return the learn sites with what the checks say about each."""
    by_id = {check.id: check for check in checks}
    noticed = by_id["V13"].details.get("noticed", {})
    good = all(by_id[identity].green for identity in ("V1", "V4"))

    def status(field: str) -> str:
        if not good:
            return "unproven"
        if field not in noticed:
            return "used in training only" if noticed else "unproven"
        return "proven" if noticed[field] else "untested"

    return tuple(
        {**site, "status": status(site["field"])} for site in project.plan.get("sites", [])
    )


def _hidden_inputs(checks: Sequence[Check], findings: Sequence[Finding]) -> list[Check]:
    """Let V8 fail where reading the notebook tells of an input that no repetition here can vary.

    The clock of another day, another machine: the same row may get another answer there.
    """
    barred: dict[str, str] = {}
    for found in findings:
        if found.code in HIDDEN_INPUTS:
            figure = f"{found.origin or 'the package'}: {found.message}"
            barred.setdefault(HIDDEN_INPUTS[found.code], figure)
    return [
        (
            replace(check, status="failed", figure=barred[check.id])
            if check.id in barred and check.green
            else check
        )
        for check in checks
    ]


def _decide(project: Project, evidence: Evidence) -> Verdict:
    static = project.static_findings
    assumptions = [*project.plan.get("assumptions", []), *evidence.assumptions]
    seen = {check.id for check in evidence.checks}
    missing = [
        Check(identity, NOT_RUN, "skipped", "the run ended before it")
        for identity in CHECKS
        if identity not in seen
    ]
    checks = sorted([*evidence.checks, *missing], key=lambda check: int(check.id[1:]))
    checks = _hidden_inputs(checks, [*static, *evidence.findings])
    located = {finding.code for finding in evidence.findings if finding.origin}
    told = [f for f in evidence.findings if f.origin or f.code not in located]
    parity = [f for f in told if f.code == "E-PARITY"]
    told = [f for f in told if f not in parity[:-1]]  # V4 says what V3 says, and more
    findings = tuple(dict.fromkeys([*static, *told]))
    return Verdict(
        level(checks, evidence.findings, static, assumptions),
        tuple(checks),
        findings,
        tuple(assumptions),
        _sites(project, checks),
        evidence.facts,
    )
