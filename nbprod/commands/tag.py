"""``nbprod tag``: the role of every statement, and tags for the cells."""

from __future__ import annotations

import json
from pathlib import Path

import click

from nbprod import console
from nbprod.findings import NotebookError
from nbprod.pipeline import Analysed, analyse
from nbprod.settings import Settings

EXAMPLES = """\b
Examples:
  nbprod tag titanic.ipynb
  nbprod tag --write titanic.ipynb         keep what is inferred as tags
"""


@click.command(epilog=EXAMPLES, short_help="The role of every statement; tags for the cells.")
@console.notebook_argument
@click.option("--model", help="The variable of the model to serve, when there are several.")
@click.option("--write", is_flag=True, help="Store the inferred roles as tags in the notebook.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("-q", "--quiet", is_flag=True, help="Show nothing; for --write.")
def command(notebook: Path, model: str | None, write: bool, as_json: bool, quiet: bool) -> int:
    """Show the role of every statement of NOTEBOOK with the reason.

    With --write, each cell whose statements agree on one role gets it as a tag; nothing else in the file
    changes. Cells that do several things are left to the inference.
    """
    from nbprod.notebook.tagging import write_tags
    from nbprod.tags import cell_roles

    try:
        analysed = analyse(notebook, Settings(model=model), printed=False)
    except NotebookError as error:
        raise console.located(error, notebook) from None
    cells = cell_roles(analysed.notebook, analysed.modules.statements)
    if as_json:
        statements = [vars(statement) for statement in analysed.modules.statements]
        document = {"cells": [vars(cell) for cell in cells], "statements": statements}
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    elif not quiet:
        _show(analysed)
    if write:
        tags = {cell.cell: cell.role for cell in cells if cell.role and not cell.said}
        count = write_tags(notebook, tags)
        if quiet:
            return 0
        click.echo(f"{count} cells tagged in {notebook}", err=True)
        for cell in cells:
            if cell.reason.startswith("mixed"):
                click.echo(f"{notebook}:{cell.cell}: no tag, {cell.reason}", err=True)
    return 0


def _show(analysed: Analysed) -> None:
    width = max((len(s.role) for s in analysed.modules.statements), default=4)
    click.echo(f"{'cell':>7}  {'role':<{width}}  {'statement':<44}  reason")
    for statement in analysed.modules.statements:
        lines = analysed.notebook.cell(statement.cell).source.split("\n")
        text = lines[statement.line - 1].strip() if statement.line <= len(lines) else ""
        text = text if len(text) <= 44 else text[:43] + "…"
        place = f"{statement.cell}:{statement.line}"
        click.echo(f"{place:>7}  {statement.role:<{width}}  {text:<44}  {statement.reason}")
