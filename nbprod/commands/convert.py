"""``nbprod convert``: write the package."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nbprod import console
from nbprod.commands.verify import show
from nbprod.findings import NotebookError, Severity
from nbprod.interpreter import interpreter
from nbprod.pipeline import Result, analyse, write_project
from nbprod.settings import Settings

if TYPE_CHECKING:
    from nbprod.verify import Verdict

EXAMPLES = """\b
Examples:
  nbprod convert titanic.ipynb
  nbprod convert titanic.ipynb -o services/titanic --model forest
  nbprod convert titanic.ipynb --target kserve --verify
  nbprod convert titanic.ipynb --kernel titanic-env
"""


@click.command(epilog=EXAMPLES)
@console.notebook_argument
@console.conversion_options
@console.environment_options
@click.option("--verify", is_flag=True, help="Run the notebook and the package and compare them.")
@console.limit_options
@click.option("--force", is_flag=True, help="Replace hand edits and folders nbprod did not write.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@console.volume_options
def command(
    notebook: Path,
    output: Path | None,
    name: str | None,
    model: str | None,
    targets: tuple[str, ...],
    python: str | None,
    kernel: str | None,
    verify: bool,
    timeout: float,
    max_memory: int | None,
    force: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Convert NOTEBOOK into a package; the notebook is neither executed nor changed.

    A project that exists is merged with the new conversion and keeps hand edits; where both changed the
    same lines, conflict markers stay in the file and the exit code is 1. The project pins the versions
    of the notebook's environment: the one that --python or --kernel name, else that of the kernel that the
    notebook names, where this machine has it. --timeout and --max-memory belong to
    --verify.
    """
    try:
        python = interpreter(python, kernel)
        analysed = analyse(notebook, Settings(output, name, model, targets))
        result = write_project(analysed, force=force, python=python)
    except NotebookError as error:
        raise console.located(error, notebook) from None
    if as_json:
        click.echo(json.dumps(_document(result), indent=2, ensure_ascii=False))
    else:
        _show(result, quiet=quiet, verbose=verbose)
    code = 1 if result.written is None or result.written.update.conflicts else 0
    if code or not verify:
        return code
    verdict = _verify(result, python=python, timeout=timeout, max_memory=max_memory)
    if not as_json:
        show(verdict, result.target, quiet=quiet, verbose=verbose)
    return verdict.exit_code


def _verify(
    result: Result, *, python: str | None, timeout: float, max_memory: int | None
) -> Verdict:
    """Go on with ``nbprod verify``; with ``--json`` its outcome is in verdict.json only."""
    from nbprod.pins import pinned_python
    from nbprod.verify import verify

    return verify(
        Path(result.analysed.notebook.path),
        result.target,
        python=python or pinned_python(result.target),
        timeout=timeout,
        max_memory=None if max_memory is None else max_memory << 20,
    )


def _show(result: Result, *, quiet: bool, verbose: bool) -> None:
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
            "UNVERIFIED": f"run `nbprod verify {result.analysed.notebook.path}` to prove it "
            f"on the notebook's data",
        }
        verdict = click.style(result.verdict, fg=colour, bold=True)
        console.row("verdict", verdict, notes.get(result.verdict, ""))


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
            console.row(
                "write", f"{console.shown(written.target)}/  {_count(statuses['added'], 'file')}"
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


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _document(result: Result) -> dict[str, Any]:
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
