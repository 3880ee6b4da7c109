"""V1: the package hands the same X and y to ``fit`` as the notebook did."""

from __future__ import annotations

from typing import Any

from ... import comparison, tables
from ...tables import Table
from ..case import FAILED, PROVEN, Case, Fitted, Outcome
from ..wording import difference, finding

ID, NAME = "V1", "fit equality"
ADVICE = "compare features.py with the notebook's cells; convert again if the notebook was edited"


def check(case: Fitted | Case) -> Outcome:
    """Compare values, order, columns, types and labels of X, and y."""
    X, y, training = case.notebook.X, case.notebook.y, case.training
    problems = _compare("X", X, training.X)
    types = _types("X", X, training.X) if not problems else []
    if y is not None:
        problems += _compare("y", y, training.y)
        types += _types("y", y, training.y) if not problems else []
    figure = f"{X.rows} x {X.width} features equal to the notebook's"
    if types and case.other_versions and not problems:
        text = f"{types[0]}, with equal values: {case.other_versions}"
        return Outcome(PROVEN, figure, assumptions=({"kind": "other versions", "text": text},))
    problems += types
    if problems:
        found = tuple(finding("E-FIT-DIFFERS", problem, ADVICE) for problem in problems)
        return Outcome(FAILED, problems[0], found)
    return Outcome(PROVEN, figure)


def _compare(what: str, expected: Table, value: Any) -> list[str]:
    actual = tables.table(value)
    if actual is None:
        return [f"{what} is {type(value).__name__}, the notebook's has {expected.rows} rows"]
    if (actual.rows, actual.width) != (expected.rows, expected.width):
        shapes = f"{actual.rows} x {actual.width} instead of {expected.rows} x {expected.width}"
        return [f"{what} is {shapes}"]
    if what == "X" and expected.kind == "frame" and actual.names != expected.names:
        return [f"the columns of X are {_first_other(expected, actual)}"]
    differs = comparison.differences(expected, actual)
    if differs.any():
        rows = [f"row {i}" for i in range(expected.rows)]
        return [f"{what}: {difference(expected, actual, differs, rows)}"]
    return []


def _types(what: str, expected: Table, value: Any) -> list[str]:
    """Return the first column that has another type, for tables of equal values."""
    actual = tables.table(value)
    assert actual is not None
    for i in range(expected.width):
        if _kind(expected.dtypes[i]) != _kind(actual.dtypes[i]):
            types = f"{actual.dtypes[i]} instead of {expected.dtypes[i]}"
            return [f"{what}: {expected.name(i)!r} is of type {types}"]
    return []


def _kind(dtype: str) -> str:
    """Return a type's name; the size of numbers does not matter to a comparison of values."""
    return dtype.rstrip("0123456789").lower()


def _first_other(expected: Table, actual: Table) -> str:
    pairs = zip(expected.names or [], actual.names or ["none"] * actual.width, strict=True)
    place, (left, right) = next((i, pair) for i, pair in enumerate(pairs) if pair[0] != pair[1])
    return f"others: number {place} is {right!r} instead of {left!r}"
