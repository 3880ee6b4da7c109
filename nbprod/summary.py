"""What ``nbprod convert`` says about a conversion, as text for people and as JSON."""

from __future__ import annotations

import shlex
from collections import Counter
from pathlib import Path
from typing import Any

import click

from nbprod import console
from nbprod.findings import Severity
from nbprod.project_names import objection, project_folder
from nbprod.result import Result
from nbprod.settings import Settings, load


def show(result: Result, *, quiet: bool, verbose: bool) -> None:
    """Print what a conversion read, split and wrote, its findings and the verdict."""
    if not quiet:
        _show_stages(result)
    if result.written is not None:
        _show_written(result, quiet=quiet)
    console.show_findings(result.findings, quiet=quiet, verbose=verbose)
    if not quiet:
        colour = "red" if result.verdict == "REFUSED" else "yellow"
        colour = "green" if result.verdict in {"VERIFIED", "PROVEN"} else colour
        notes = {
            "REFUSED": "nothing was written; resolve the errors above",
            "UNVERIFIED": f"run `nbprod verify {_said(result)}` to prove it "
            f"on the notebook's data",
        }
        verdict = click.style(result.verdict, fg=colour, bold=True)
        console.row("verdict", verdict, notes.get(result.verdict, ""))


def _said(result: Result) -> str:
    """Return what to say after ``nbprod verify``: the notebooks, and where the project is if settings do not tell."""
    notebook = result.analysed.notebook
    words = [notebook.path, *notebook.then]
    if notebook.then:
        words += ["--name", str(result.analysed.settings.name)]
    else:
        path = Path(notebook.path)
        told = project_folder(path, load(path, Settings(), notebook.options))
        if told.resolve() != result.target.resolve():
            words += ["-o", str(console.shown(result.target))]
    return shlex.join(words)


def _show_stages(result: Result) -> None:
    from nbprod.notebook.roles import declared

    notebook, modules = result.analysed.notebook, result.analysed.modules
    tagged = sum(declared(cell) is not None for cell in notebook.code_cells)
    inferred = len({statement.cell for statement in modules.statements}) - tagged
    read = (
        f"{_count(len(notebook.cells), 'cell')}: {len(notebook.code_cells)} code, {tagged} tagged"
    )
    hint = "" if tagged else " (nbprod tag --write keeps the inference as tags)"
    console.row("read", f"{read}, {max(0, inferred)} inferred{hint}")
    roles = Counter(statement.role for statement in modules.statements)
    serving = roles["serve"] + roles["learn"] + roles["load"] + roles["target"]
    split = [
        _count(len(modules.state), "learned value"),
        f"{_count(serving, 'statement')} on the serving path",
        f"{roles['fit']} for training only",
        f"{roles['display'] + roles['evaluate']} display or evaluation only",
    ]
    console.row("split", ", ".join(split))


def _show_written(result: Result, *, quiet: bool) -> None:
    written = result.written
    assert written is not None
    statuses = Counter(change.status for change in written.update.changes)
    if not quiet:
        if written.created:
            named = _named(result)
            console.row(
                "write",
                f"{console.shown(written.target)}/  {_count(statuses['added'], 'file')}{named}",
            )
        else:
            counted = [
                f"{statuses[status]} {status}"
                for status in ("added", "updated", "merged", "kept", "respected", "removed", "released", "conflict")
                if statuses[status]
            ]  # fmt: skip
            console.row(
                "write", f"{console.shown(written.target)}/  {', '.join(counted) or 'unchanged'}"
            )
    for number, change in enumerate(written.update.conflicts):
        path = click.style(change.path, fg="red")
        console.row("conflicts" if number == 0 else "", f"{path}  {change.detail}")


def _named(result: Result) -> str:
    """Say why a new project is not called like its notebook, when nobody chose its name."""
    why = objection(Path(result.analysed.notebook.path))
    if result.analysed.settings.name or not why:
        return ""
    return f"  (package {result.analysed.modules.package}, for {why}; --name gives another)"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def document(result: Result) -> dict[str, Any]:
    """Return what ``convert --json`` prints for one notebook."""
    written = result.written
    changes = written.update.changes if written else ()
    return {
        "notebook": result.analysed.notebook.path,
        "target": str(result.target),
        "verdict": result.verdict,
        "created": bool(written and written.created),
        "files": [{"path": c.path, "status": c.status, "detail": c.detail} for c in changes],
        "conflicts": [c.path for c in changes if c.status == "conflict"],
        "errors": sum(f.severity is Severity.ERROR for f in result.findings),
        "findings": [finding.as_dict() for finding in result.findings],
        "statements": [vars(statement) for statement in result.analysed.modules.statements],
    }


__all__ = ["document", "show"]
