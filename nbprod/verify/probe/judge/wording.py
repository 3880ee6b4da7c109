"""Sentences about differences, for people."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tables import Array, Table

EXAMPLES = 3


def finding(code: str, message: str, advice: str = "", **place: Any) -> dict[str, Any]:
    """Return a finding; ``place`` may have cell, line and source."""
    return {"code": code, "message": message, "advice": advice, **place}


def difference(expected: Table, actual: Table, differs: Array, rows: list[str]) -> str:
    """Return where and by how much tables differ; ``rows`` names each row."""
    columns = np.flatnonzero(differs.any(axis=0))
    column = int(columns[np.argmax(differs[:, columns].sum(axis=0))])
    bad = np.flatnonzero(differs[:, column])
    names = ", ".join(repr(expected.name(int(i))) for i in columns[:4])
    more = f" and {len(columns) - 4} more" if len(columns) > 4 else ""
    return (
        f"{int(differs.any(axis=1).sum())} of {len(differs)} rows differ, in {names}{more}; "
        + "; ".join(examples(expected, actual, column, bad, rows))
    )


def examples(expected: Table, actual: Table, column: int, bad: Array, rows: list[str]) -> list[str]:
    """Return the two values of a column in the first of the rows that differ."""
    return [
        f"{rows[i]}: {_short(expected.cell(i, column))} in the notebook, "
        f"{_short(actual.cell(i, column))} here"
        for i in bad[:EXAMPLES]
    ]


def _short(value: Any) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    return text if len(text) < 40 else text[:37] + "..."


def error(problem: BaseException) -> str:
    """Return an exception as one line."""
    text = " ".join(str(problem).split())[:300]
    return f"{type(problem).__name__}: {text}" if text else type(problem).__name__


def percent(part: int, whole: int) -> str:
    """Return a share for people."""
    return f"{100 * part / whole:.3g} %" if whole else "0 %"
