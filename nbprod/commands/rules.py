"""``nbprod rules``: all codes."""

from __future__ import annotations

import json

import click

from nbprod.rules import rules

EXAMPLES = """\b
Examples:
  nbprod rules
  nbprod rules --json
"""


@click.command(epilog=EXAMPLES, short_help="All findings.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(as_json: bool) -> int:
    """List every finding that nbprod can report."""
    known = rules()
    if as_json:
        click.echo(json.dumps([{"code": r.code, "title": r.title} for r in known], indent=2))
        return 0
    width = max(len(rule.code) for rule in known)
    for rule in known:
        click.echo(f"{rule.code:<{width}}  {rule.title}")
    return 0
