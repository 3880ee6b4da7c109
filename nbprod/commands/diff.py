"""``nbprod diff``: what a new conversion would change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nbprod import console
from nbprod.findings import NotebookError
from nbprod.interpreter import interpreter
from nbprod.pipeline import Analysed, analyse, render_project
from nbprod.settings import Settings

if TYPE_CHECKING:
    from nbprod.write import Update

_LINE_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


EXAMPLES = """\b
Examples:
  nbprod diff titanic.ipynb
  nbprod diff titanic.ipynb --target kubernetes
"""


@click.command(epilog=EXAMPLES, short_help="What converting again would change.")
@console.notebook_argument
@console.conversion_options
@console.environment_options
@click.option("--force", is_flag=True, help="Show what `convert --force` would change.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("-q", "--quiet", is_flag=True, help="Only the exit code.")
def command(
    notebook: Path,
    output: Path | None,
    name: str | None,
    model: str | None,
    targets: tuple[str, ...],
    fit_scope: str,
    python: str | None,
    kernel: str | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Show what converting NOTEBOOK again would change, as a unified diff; writes nothing.

    Exit code 1 when something would change.
    """
    from nbprod.write import preview
    from nbprod.write.diff import unified

    try:
        chosen = interpreter(python, kernel)
        analysed = analyse(
            notebook, Settings(output, name, model, targets, fit_scope=fit_scope), chosen
        )
        if analysed.refusals:
            if as_json:
                click.echo(json.dumps(_document(analysed, None), indent=2, ensure_ascii=False))
            elif not quiet:
                console.show_findings(analysed.refusals, quiet=True, verbose=False)
            return 1
        tree = render_project(analysed, chosen)
        update = preview(tree, analysed.target, force=force)
    except NotebookError as error:
        raise console.located(error, notebook) from None
    if as_json:
        click.echo(json.dumps(_document(analysed, update), indent=2, ensure_ascii=False))
        return 0 if update.is_empty else 1
    if quiet:
        return 0 if update.is_empty else 1
    if update.is_empty:
        click.echo(f"{console.shown(analysed.target)}/ is up to date", err=True)
    for line in unified(update, analysed.target):
        click.echo(click.style(line, fg=_LINE_COLOURS.get(line[:1])))
    for change in update.conflicts:
        click.echo(f"conflict: {change.path}: {change.detail}", err=True)
    return 0 if update.is_empty else 1


def _document(analysed: Analysed, update: Update | None) -> dict[str, Any]:
    """Return what ``--json`` prints; without an update the notebook was refused."""
    from nbprod.write.diff import unified

    changes = [c for c in update.changes if c.status != "unchanged"] if update else []
    return {
        "notebook": analysed.notebook.path,
        "target": str(analysed.target),
        "files": [{"path": c.path, "status": c.status, "detail": c.detail} for c in changes],
        "diff": "\n".join(unified(update, analysed.target)) if update else "",
        "findings": [finding.as_dict() for finding in analysed.refusals],
    }
