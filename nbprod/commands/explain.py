"""``nbprod explain CODE``: what a finding means and what to do."""

from __future__ import annotations

import difflib

import click

from nbprod.rules import rule, rules

EXAMPLES = """\b
Examples:
  nbprod explain E-CROSS-ROW
"""


@click.command(epilog=EXAMPLES, short_help="What a finding means and what to do.")
@click.argument("code")
def command(code: str) -> int:
    """Explain the finding CODE: why it matters and what to write instead."""
    found = rule(code)
    if found is None:
        known = [one.code for one in rules()]
        close = difflib.get_close_matches(code.upper(), known, n=1, cutoff=0.5)
        hint = f"did you mean {close[0]}?" if close else "`nbprod rules` lists all"
        raise click.UsageError(f"no finding {code!r}; {hint}")
    click.echo(found.text.rstrip())
    return 0
