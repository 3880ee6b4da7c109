"""``nbprod explain CODE``: what a finding means and what to do."""

from __future__ import annotations

import json

import click

from nbprod.rules import codes, hint, rule

EXAMPLES = """\b
Examples:
  nbprod explain E-CROSS-ROW
  nbprod explain --json W-LEAK-SPLIT
"""


def _codes(context: click.Context, parameter: click.Parameter, typed: str) -> list[str]:
    """Complete a code in the shell."""
    return [code for code in codes() if code.startswith(typed.upper())]


@click.command(epilog=EXAMPLES, short_help="What a finding means and what to do.")
@click.argument("code", shell_complete=_codes)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(code: str, as_json: bool) -> int:
    """Explain the finding CODE: why it matters and what to write instead."""
    found = rule(code)
    if found is None:
        raise click.UsageError(f"no finding {code!r}; {hint(code)}")
    if as_json:
        document = {"code": found.code, "title": found.title, "text": found.text}
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        click.echo(found.text.rstrip())
    return 0
