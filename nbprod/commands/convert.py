"""``nbprod convert``: write the package."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nbprod import console
from nbprod.commands.verify import show as show_verdict
from nbprod.findings import NotebookError
from nbprod.interpreter import interpreter
from nbprod.paths import expand
from nbprod.pipeline import Result, analyse, write_project
from nbprod.settings import Settings, load
from nbprod.summary import document, show

if TYPE_CHECKING:
    from nbprod.verify import Verdict

EXAMPLES = """\b
Examples:
  nbprod convert titanic.ipynb
  nbprod convert titanic.ipynb -o services/titanic --model forest
  nbprod convert titanic.ipynb --target kserve --verify
  nbprod convert titanic.ipynb --kernel titanic-env
  nbprod convert notebooks                 every notebook below a folder
  nbprod convert load.ipynb train.ipynb --name shop
"""


@click.command(epilog=EXAMPLES, short_help="Write or merge the package.")
@click.argument("notebooks", nargs=-1, required=True, type=click.Path(path_type=Path))
@console.conversion_options
@console.environment_options
@click.option("--verify", is_flag=True, help="Run the notebook and the package and compare them.")
@console.limit_options
@console.rows_option
@click.option("--force", is_flag=True, help="Replace hand edits and folders nbprod did not write.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@console.volume_options
def command(
    notebooks: tuple[Path, ...],
    output: Path | None,
    name: str | None,
    model: str | None,
    targets: tuple[str, ...],
    fit_scope: str,
    python: str | None,
    kernel: str | None,
    verify: bool,
    timeout: float,
    max_memory: int | None,
    no_rows: bool,
    force: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Convert NOTEBOOKS into packages; a notebook is neither executed nor changed.

    NOTEBOOKS are files, folders (all notebooks below them) or patterns. A project that exists is merged with
    the new conversion and keeps hand edits; where both changed the same lines, conflict markers stay in the
    file and the exit code is 1.

    With --name several notebooks become one project: the first one loads, the next ones read what it wrote,
    and the last one trains.

    The project pins the versions of the notebook's environment: the one that --python or --kernel name, else
    that of the kernel that the notebook names, where this machine has it. --timeout, --max-memory and --no-rows
    belong to --verify. --fit-scope=train makes the notebook's split first, so that nothing is learned from the rows that
    it holds back; the project is then verified against that program, not against the notebook.
    """
    conversion = _Conversion(
        Settings(output, name, model, targets, keep_rows=not no_rows, fit_scope=fit_scope), interpreter(python, kernel), force,
        _Verification(timeout, max_memory) if verify else None, not as_json, quiet, verbose,
    )  # fmt: skip
    wanted = expand(notebooks)
    single = wanted == [*notebooks] and len(wanted) == 1
    together = len(wanted) > 1 and bool(name) and wanted == [*notebooks]
    if len(wanted) > 1 and (output or name) and not together:
        raise click.UsageError(
            "-o and --name are for one notebook, or for several that are named one by one with --name; see "
            "[tool.nbprod.notebooks]"
        )
    if single or together:
        outcomes = [conversion.one(wanted[0], wanted[1:])]
    else:
        outcomes = [*conversion.each(wanted)]
    if as_json:
        documents = [outcome.document for outcome in outcomes]
        printed = documents[0] if single or together else {"notebooks": documents}
        click.echo(json.dumps(printed, indent=2, ensure_ascii=False))
    return max((outcome.code for outcome in outcomes), default=0)


@dataclass(frozen=True)
class _Outcome:
    code: int
    document: dict[str, Any]


@dataclass(frozen=True)
class _Verification:
    timeout: float
    max_memory: int | None  # MiB


@dataclass(frozen=True)
class _Conversion:
    """What was asked for, for every notebook."""

    flags: Settings
    python: str | None
    force: bool
    verification: _Verification | None
    talks: bool
    quiet: bool
    verbose: bool

    def one(self, notebook: Path, then: Sequence[Path] = ()) -> _Outcome:
        """Convert a notebook, and those that go on where it ends, and say what became of it.

        Raises:
            NotebookError: with the notebook's path in front.
        """
        try:
            analysed = analyse(notebook, self.flags, self.python, then)
            result = write_project(analysed, force=self.force, python=self.python)
        except NotebookError as error:
            raise console.located(error, notebook) from None
        if self.talks:
            show(result, quiet=self.quiet, verbose=self.verbose)
        code = 1 if result.written is None or result.written.update.conflicts else 0
        if self.verification and not code:
            verdict = self._verify(result, self.verification)
            code = verdict.exit_code
            if self.talks:
                show_verdict(verdict, result.target, quiet=self.quiet, verbose=self.verbose)
        return _Outcome(code, document(result))

    def each(self, notebooks: Sequence[Path]) -> Iterator[_Outcome]:
        """Convert several notebooks but those that settings exclude; one that fails stops no other."""
        for notebook in notebooks:
            if load(notebook, self.flags).excludes(notebook):
                continue
            if self.talks and not self.quiet:
                click.secho(str(notebook), bold=True)
            try:
                yield self.one(notebook)
            except NotebookError as error:
                click.echo(f"{click.style('error: ', fg='red', bold=True)}{error}", err=True)
                yield _Outcome(2, {"notebook": str(notebook), "error": str(error)})

    def _verify(self, result: Result, limits: _Verification) -> Verdict:
        """Go on with ``nbprod verify``; with ``--json`` its outcome is in verdict.json only."""
        try:
            return result.verify(
                python=self.python,
                timeout=limits.timeout,
                max_memory=None if limits.max_memory is None else limits.max_memory << 20,
                progress=(lambda text: None) if self.quiet else console.progress,
            )
        finally:
            console.end_progress()
