"""``nbprod explain CODE``: what a finding means and what to do."""

from __future__ import annotations

import difflib

import click

from nbprod.rules import rule, rules

EXAMPLES = """\b
Examples:
  nbprod explain E-CROSS-ROW
"""


def _codes(context: click.Context, parameter: click.Parameter, typed: str) -> list[str]:
    """Complete a code in the shell."""
    return [one.code for one in rules() if one.code.startswith(typed.upper())]


@click.command(epilog=EXAMPLES, short_help="What a finding means and what to do.")
@click.argument("code", shell_complete=_codes)
def command(code: str) -> int:
    """Explain the finding CODE: why it matters and what to write instead."""
    found = rule(code)
    if found is None:
        raise click.UsageError(f"no finding {code!r}; {_hint(code.upper())}")
    click.echo(found.text.rstrip())
    return 0


def _hint(code: str) -> str:
    """Return the codes that begin like this one, else the one that looks most like it."""
    known = [one.code for one in rules()]
    begin = [one for one in known if one.startswith(code)]
    if begin:
        return f"there are {', '.join(begin)}" if len(begin) > 1 else f"did you mean {begin[0]}?"
    # a beginning of the code counts as the whole: w-leek is close to W-LEAK-SPLIT
    shortened = {one[: len(code)]: one for one in reversed(known)}
    close = difflib.get_close_matches(code, [*shortened, *known], n=1, cutoff=0.6)
    if not close:
        return "`nbprod rules` lists all"
    return f"did you mean {shortened.get(close[0], close[0])}?"
