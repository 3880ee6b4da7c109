"""``nbprod diff``: what a new conversion would change."""

from __future__ import annotations

from pathlib import Path

import click

from nbprod import console
from nbprod.findings import NotebookError
from nbprod.interpreter import interpreter
from nbprod.pipeline import analyse, render_project
from nbprod.settings import Settings

_LINE_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@click.command()
@console.notebook_argument
@console.conversion_options
@console.environment_options
@click.option("--force", is_flag=True, help="Show what `convert --force` would change.")
def command(
    notebook: Path,
    output: Path | None,
    name: str | None,
    model: str | None,
    targets: tuple[str, ...],
    python: str | None,
    kernel: str | None,
    force: bool,
) -> int:
    """Show what converting NOTEBOOK again would change, as a unified diff; writes nothing.

    Exit code 1 when something would change.
    """
    from nbprod.write import preview
    from nbprod.write.diff import unified

    try:
        analysed = analyse(notebook, Settings(output, name, model, targets))
        if analysed.refusals:
            console.show_findings(analysed.refusals, quiet=True, verbose=False)
            return 1
        tree = render_project(analysed, interpreter(python, kernel))
        update = preview(tree, analysed.target, force=force)
    except NotebookError as error:
        raise console.located(error, notebook) from None
    for line in unified(update, analysed.target):
        click.echo(click.style(line, fg=_LINE_COLOURS.get(line[:1])))
    for change in update.conflicts:
        click.echo(f"conflict: {change.path}: {change.detail}", err=True)
    return 0 if update.is_empty else 1
