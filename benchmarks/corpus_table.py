"""Outcomes of a corpus as a Markdown table, a line of progress, or JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.corpus_case import Outcome

HEAD = ("notebook", "converted", "fit equal", "single rows", "HTTP", "level", "errors", "seconds")


def markdown(outcomes: Sequence[Outcome]) -> str:
    """Return one row a notebook, and the totals below."""
    lines = [_row(HEAD), _row("---" for _ in HEAD), *(_row(_cells(o)) for o in outcomes)]
    return "\n".join([*lines, "", *totals(outcomes)])


def totals(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the figures that the corpus exists for, as list items."""
    ran = [o for o in outcomes if o.level or o.judged or o.note]
    core = [o for o in ran if o.core]
    reasons = Counter(code for o in outcomes if not o.right for code in o.codes)
    converted = Counter(outcome.converted for outcome in outcomes)
    compared = sum((outcome.judged or {}).get("rows", 0) for outcome in outcomes)
    lines = [
        f"- conversions: {', '.join(f'{n} {end}' for end, n in converted.most_common())}",
        f"- run here and certified with every answer over HTTP the notebook's: {_share(ran)}",
        f"- of these with a row-wise model and two or more idioms: {_share(core)}",
        f"- rows compared over HTTP: {compared}",
        f"- wrong `verified`: {sum(o.wrongly_verified for o in outcomes)}",
    ]
    if reasons:
        lines.append("- errors: " + ", ".join(f"{code} {n}" for code, n in reasons.most_common()))
    return lines


def progress(outcome: Outcome) -> str:
    """Return one line about one notebook."""
    return "  ".join(_cells(outcome))


def document(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the JSON form."""
    rows = [{**asdict(o), "http": o.http, "right": o.right} for o in outcomes]
    return {"outcomes": rows, "totals": totals(outcomes)}


def _cells(outcome: Outcome) -> tuple[str, ...]:
    judged = outcome.judged or {}
    http = outcome.http
    if http in ("equal", "differs"):
        bad = judged["wrong"] + judged["refused"]
        http = f"{judged['rows'] - min(bad, judged['rows'])}/{judged['rows']}"
    errors = ", ".join(outcome.codes)
    if outcome.failed:
        errors = "; ".join(filter(None, (errors, "not green: " + " ".join(outcome.failed))))
    return (
        outcome.id, outcome.converted, outcome.fit, outcome.rows, http, outcome.level,
        "; ".join(filter(None, (errors, outcome.note)))[:120].replace("|", "/"), f"{outcome.seconds:.0f}",
    )  # fmt: skip


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _share(outcomes: Sequence[Outcome]) -> str:
    right = sum(outcome.right for outcome in outcomes)
    share = f" ({100 * right / len(outcomes):.0f} %)" if outcomes else ""
    return f"{right} of {len(outcomes)}{share}"


__all__ = ["document", "markdown", "progress", "totals"]
