"""``nbprod verify``: prove that the package does what the notebook did."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nbprod import console
from nbprod.findings import NotebookError
from nbprod.interpreter import interpreter
from nbprod.notebook import read_together
from nbprod.pins import pinned_python
from nbprod.project_names import project_folder
from nbprod.settings import Settings, load

if TYPE_CHECKING:
    from nbprod.verify import Check, Verdict

EXAMPLES = """\b
Examples:
  nbprod verify titanic.ipynb
  nbprod verify titanic.ipynb -o services/titanic --kernel titanic-env
  nbprod verify titanic.ipynb --timeout 7200 --json
"""
_COLOURS = {"proven": "green", "failed": "red", "skipped": "yellow"}
_LEVELS = {"proven": "green", "verified": "green", "unverified": "yellow", "refused": "red"}


@click.command(epilog=EXAMPLES, short_help="Run notebook and package and compare them.")
@click.argument("notebooks", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The project; by default the one beside the notebook.",
)
@click.option("--name", help="The project's name; by default the notebook's.")
@console.environment_options
@click.option(
    "--project-python",
    metavar="PATH",
    help="The interpreter that runs the project when the notebook's is too old for it; by default this one.",
)
@console.limit_options
@console.rows_option
@click.option(
    "--all-rows", is_flag=True, help="Score every row alone, not as many as a minute allows."
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print the certificate as JSON, with the project's folder.",
)
@console.volume_options
def command(
    notebooks: tuple[Path, ...],
    output: Path | None,
    name: str | None,
    python: str | None,
    kernel: str | None,
    project_python: str | None,
    timeout: float,
    max_memory: int | None,
    no_rows: bool,
    all_rows: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Run NOTEBOOKS and their project and compare them; the outcome is the project's verdict.json.

    They are those that were converted into it, in the same order: mostly one. The notebook runs in a process of its own, on a copy of its folder. Exit code 0 when it is proven or
    verified, 1 otherwise.
    """
    from nbprod.verify import verify

    notebook, *then = notebooks
    try:
        settings = load(
            notebook,
            Settings(output, name, keep_rows=not no_rows),
            read_together(notebooks).options,
        )
        project = project_folder(notebook, settings)
        verdict = verify(
            notebook,
            project,
            then=then,
            python=interpreter(python, kernel) or pinned_python(project),
            project_python=interpreter(project_python, None),
            timeout=timeout,
            max_memory=None if max_memory is None else max_memory << 20,
            all_rows=all_rows,
            keep_rows=settings.keep_rows,
            progress=(lambda text: None) if quiet else console.progress,
        )
    except NotebookError as error:
        raise console.located(error, notebook) from None
    finally:
        console.end_progress()
    if as_json:
        printed = {"project": str(project), **verdict.as_dict()}
        click.echo(json.dumps(printed, indent=2, ensure_ascii=False))
    else:
        show(verdict, project, quiet=quiet, verbose=verbose)
    return verdict.exit_code


def show(verdict: Verdict, project: Path, *, quiet: bool, verbose: bool) -> None:
    """Print the checks, the findings and the level."""
    from nbprod.verify import scope_scores

    if not (quiet or verbose) and not any(check.ran for check in verdict.checks):
        click.echo(f"  {_check(replace(verdict.checks[0], id='all'))}")
    else:
        for check in verdict.checks:
            if verbose or check.status == "failed" or (not quiet and check.status != "n/a"):
                click.echo(f"  {_check(check)}")
    console.show_findings(verdict.findings, quiet=quiet, verbose=verbose)
    scope = scope_scores.told(verdict.facts)
    if scope:
        console.row("fit scope", scope)
    assumed = len(verdict.assumptions)
    note = f"({assumed} assumed operation{'' if assumed == 1 else 's'})"
    level = click.style(verdict.level.upper(), fg=_LEVELS[verdict.level], bold=True)
    console.row("verdict", f"{level} {note}", str(console.shown(project / "verdict.json")))


def _check(check: Check) -> str:
    status = click.style(f"{check.status:<8}", fg=_COLOURS.get(check.status))
    return f"{check.id:<4}{check.name:<22} {status} {check.figure}"
