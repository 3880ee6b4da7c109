"""What the commands share: arguments, options and the way summaries look."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from nbprod.findings import Finding, NotebookError, Severity

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def notebook_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument NOTEBOOK; whether it can be read is the reader's to say."""
    return click.argument("notebook", type=click.Path(path_type=Path))(function)


def conversion_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose what is generated and where."""
    for option in reversed(
        [
            click.option(
                "-o",
                "--output",
                type=click.Path(path_type=Path, file_okay=False),
                help="The project's folder; by default one beside the notebook.",
            ),
            click.option(
                "--name", help="The project's name; by default the notebook's, or its folder's."
            ),
            click.option(
                "--model", help="The variable of the model to serve, when there are several."
            ),
            click.option(
                "--target",
                "targets",
                multiple=True,
                metavar="TARGET",
                help="A deployment target (kubernetes, kserve, azureml, sagemaker, vertex); repeat for more.",
            ),
            click.option(
                "--fit-scope",
                type=click.Choice(["notebook", "train"]),
                default="notebook",
                help="Learn from the rows that the notebook learned from, or from the training part of its split alone.",
            ),
        ]
    ):
        function = option(function)
    return function


def environment_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name the notebook's environment."""
    function = click.option("--kernel", help="The Jupyter kernel whose interpreter to use.")(
        function
    )
    return click.option(
        "--python",
        metavar="PATH",
        help="The interpreter of the notebook's environment; by default that of its kernel, else this one.",
    )(function)


def limit_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that limit what a verification may use."""
    function = click.option(
        "--max-memory",
        type=click.IntRange(min=1),
        metavar="MIB",
        help="Memory for a process and all it starts; by default 3/4 of the machine's.",
    )(function)
    return click.option(
        "--timeout",
        type=float,
        default=1800.0,
        show_default=True,
        help="Seconds for the notebook, and again for the project.",
    )(function)


def rows_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --no-rows, for data that must not leave the machine."""
    return click.option(
        "--no-rows",
        is_flag=True,
        help="Keep no rows of the notebook's data in the project's tests and certificate.",
    )(function)


def volume_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add -q and -v."""
    function = click.option("-v", "--verbose", is_flag=True, help="Show notes too.")(function)
    return click.option("-q", "--quiet", is_flag=True, help="Show errors only.")(function)


def row(label: str, text: str, note: str = "") -> None:
    """Print one line of a summary."""
    click.echo(f"  {click.style(f'{label:<9}', bold=True)} {text}{f'   {note}' if note else ''}")


def show_findings(findings: tuple[Finding, ...], *, quiet: bool, verbose: bool) -> None:
    """Print findings under the heading of their severity; notes only when asked for."""
    for severity, label in (
        (Severity.ERROR, "errors"),
        (Severity.WARNING, "warnings"),
        (Severity.INFO, "notes"),
    ):
        shown = [finding for finding in findings if finding.severity is severity]
        if (quiet and severity is not Severity.ERROR) or (
            severity is Severity.INFO and not verbose
        ):
            continue
        for number, finding in enumerate(shown):
            place = f"{finding.origin!s:<10} " if finding.origin else ""
            code = click.style(finding.code, fg=_COLOURS[severity])
            row(label if number == 0 else "", f"{place} {code}  {finding.message}")
            if finding.source and finding.source not in finding.message:
                click.echo(f"{'':14}{click.style(finding.source, dim=True)}")
            after = shown[number + 1] if number + 1 < len(shown) else None
            # the same advice is said once, below the last finding in a row that has it
            if finding.advice and (after is None or after.advice != finding.advice):
                click.echo(f"{'':14}{finding.advice}")


def progress(text: str) -> None:
    """Say on stderr where long work is; a terminal keeps one line for it."""
    said = f"  … {text}"
    if sys.stderr.isatty():
        # blanks instead of an escape sequence: they work without colour, too
        click.echo("\r" + click.style(_as_wide_as_the_terminal(said), dim=True), err=True, nl=False)
    else:
        click.echo(click.style(said, dim=True), err=True)


def end_progress() -> None:
    """Take the line of progress off a terminal."""
    if sys.stderr.isatty():
        click.echo(f"\r{_as_wide_as_the_terminal('')}\r", err=True, nl=False)


def _as_wide_as_the_terminal(text: str) -> str:
    width = shutil.get_terminal_size().columns - 1
    return text[:width].ljust(width)


def shown(path: Path) -> Path:
    """Return a path relative to where the person is, when it is below."""
    resolved = path.resolve()
    return resolved.relative_to(Path.cwd()) if resolved.is_relative_to(Path.cwd()) else path


def located(error: NotebookError, notebook: Path) -> NotebookError:
    """Return the error with the notebook's path in front of a bare cell and line, or of a bare code."""
    if error.origin is None:
        bare = error.message.startswith("E-") and str(notebook) not in error.message
        return NotebookError(f"{notebook}: {error.message}") if bare else error
    origin = error.origin
    return NotebookError(f"{notebook}:{origin.cell}:{origin.line}: {error.message}")


__all__ = [
    "conversion_options",
    "end_progress",
    "environment_options",
    "limit_options",
    "located",
    "notebook_argument",
    "progress",
    "row",
    "rows_option",
    "show_findings",
    "shown",
    "volume_options",
]
