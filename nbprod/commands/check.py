"""``nbprod check``: what a hook or CI asks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from nbprod import console
from nbprod.checking import check_all
from nbprod.findings import Severity
from nbprod.paths import expand
from nbprod.report import FORMATS, Checked, render
from nbprod.settings import Settings, load

EXAMPLES = """\b
Examples:
  nbprod check titanic.ipynb
  nbprod check notebooks                   every notebook below a folder
  nbprod check --format github 'src/**/*.ipynb'
  nbprod check --strict --ignore W-LEAK titanic.ipynb
"""


@click.command(
    epilog=EXAMPLES, short_help="What stands in the way of a conversion; is the project up to date?"
)
@click.argument("notebooks", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--select",
    multiple=True,
    metavar="CODE",
    help="Report these codes only; a beginning is enough.",
)
@click.option("--ignore", multiple=True, metavar="CODE", help="Do not report these warnings.")
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@console.volume_options
def command(
    notebooks: tuple[Path, ...],
    form: str,
    as_json: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Check NOTEBOOKS: can they be converted, and is the project up to date? Writes nothing.

    NOTEBOOKS are files, folders (all notebooks below them) or patterns. Exit code 1 when a notebook has errors
    or its project is behind it, 2 when one cannot be read.
    """
    flags = Settings(select=select, ignore=ignore, strict=strict)
    settings = {path: load(path, flags) for path in expand(notebooks)}
    wanted = [path for path in settings if not settings[path].excludes(path)]
    results = check_all(wanted, flags)
    shown = [_shown(result, quiet=quiet, verbose=verbose) for result in results]
    text = render(shown, "json" if as_json else form)
    if text:
        click.echo(text)
    if any(result.failure for result in results):
        return 2
    fails = (settings[Path(r.path)].fails(finding) for r in results for finding in r.findings)
    return 1 if any(fails) else 0


def _shown(result: Checked, *, quiet: bool, verbose: bool) -> Checked:
    """Leave out notes, unless they were asked for, and warnings when only errors were."""
    hidden = set() if verbose else {Severity.INFO}
    if quiet:
        hidden = {Severity.INFO, Severity.WARNING}
    return replace(result, findings=tuple(f for f in result.findings if f.severity not in hidden))
