"""Find the first statement where a row goes another way alone than among the training rows.

The package's preprocessing runs twice under a line trace. After every line the row under suspicion is
read out of every local variable that has one; the first variable that differs names the statement.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import FrameType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .. import comparison, tables
from .case import Case
from .origins import most_alike, statement_at
from .raised import cells_of, learned_at

EXAMPLES = 3
TRIES = 9

_ADVICE = {
    r"\.rank\(": "learn the sorted values while fitting and find the row's place by np.searchsorted",
    r"cumcount|cumsum|shift|diff|rolling|ffill|bfill|method=": "a request has no neighbours: drop it, "
    "or compute it where the history is and send it as a column",
    r"random|sample\(": "fill with a learned value instead of a random one",
    r"now\(|today\(": "take the date from a column of the request",
    r"cut\(": "learn the edges while fitting (retbins=True) and cut with them",
    r"get_dummies|factorize|astype\(.category|Categorical": "learn the categories while fitting",
    r"fit_transform|\.fit\(": "fit under `if fitting:` into the state, and only transform otherwise",
    r"value_counts|unique\(": "learn the list of values while fitting and keep it in the state",
}
_DEFAULT = "learn the value under `if fitting:` and read it from the state"


class Step(NamedTuple):
    """The state after a line: where, and the row's values by variable."""

    function: str
    line: int
    visit: int
    values: dict[str, dict[str, Any]]


class Culprit(NamedTuple):
    """The first statement that differs, with the row's two values."""

    function: str
    line: int
    source: str
    variable: str
    column: str
    together: Any
    alone: Any


def locate(case: Case, places: list[int]) -> dict[str, Any]:
    """Return fields for a finding: the first statement where rows alone go another way.

    ``places`` are rows of the notebook's X that differ, the most telling ones first. The result is
    empty when no variable of the first ones shows it.
    """
    found: list[tuple[int, Culprit | None]] = []
    for place in places[:TRIES]:
        culprit = _alone(case, place)
        if culprit is not None:
            found.append((place, culprit))
        if len(found) == EXAMPLES:
            break
    return _report(case, found, "alone")


def locate_change(
    case: Case, places: list[int], change: Callable[[], AbstractContextManager[None]], what: str
) -> dict[str, Any]:
    """Return fields for a finding: the first statement where rows differ under ``change``."""
    found: list[tuple[int, Culprit | None]] = []
    for place in places[:EXAMPLES]:
        position = int(case.positions[place])
        one = case.schema.coerce(case.raw.iloc[position : position + 1])
        before = _trace(case, lambda one=one: _serve(case, one), 0, 1)  # type: ignore[misc]
        with change():
            after = _trace(case, lambda one=one: _serve(case, one), 0, 1)  # type: ignore[misc]
        found.append((place, _first_difference(case, before, after)))
    return _report(case, found, what)


def locate_column(case: Case, column: str) -> dict[str, Any]:
    """Return fields for a finding: the first statement where a raw column changes another one."""
    found: list[tuple[int, Culprit | None]] = []
    for place in case.known[:EXAMPLES].tolist():
        position = int(case.positions[place])
        one = case.typed.iloc[position : position + 1]
        others = case.typed[column][case.typed[column] != one[column].iloc[0]]
        if not len(others):
            continue
        other = one.copy()
        other[column] = others.iloc[:1].set_axis(one.index)
        before = _trace(case, lambda one=one: _serve(case, one), 0, 1)  # type: ignore[misc]
        after = _trace(case, lambda other=other: _serve(case, other), 0, 1)  # type: ignore[misc]
        found.append((place, _first_difference(case, before, after, ignored=column)))
    return _report(case, found, f"with another {column!r}")


def _report(case: Case, found: list[tuple[int, Culprit | None]], what: str) -> dict[str, Any]:
    first = next((culprit for _, culprit in found if culprit is not None), None)
    if first is None:
        return {}
    examples = "; ".join(
        f"row {case.raw.index[case.positions[place]]}: {_short(c.together)} in training, "
        f"{_short(c.alone)} {what}"
        for place, c in found
        if c is not None and (c.line, c.column) == (first.line, first.column)
    )
    name = f"{first.variable}[{first.column!r}]" if first.column else first.variable
    return {
        **_in_notebook(case, first),
        "text": f"{first.source!r} (features.py:{first.line}) is the first statement that differs, "
        f"in {name}: {examples}",
        "advice": next(
            (text for rule, text in _ADVICE.items() if re.search(rule, first.source)), _DEFAULT
        ),
    }


def _serve(case: Case, frame: pd.DataFrame) -> Any:
    return case.package.features.transform(frame, case.state)


def _alone(case: Case, place: int) -> Culprit | None:
    position = int(case.positions[place])
    typed = case.schema.coerce(case.raw)
    alone = _trace(case, lambda: _serve(case, typed.iloc[position : position + 1]), 0, 1)
    batch = _trace(case, lambda: _serve(case, typed), position, len(typed))
    found = _first_difference(case, batch, alone)
    if found is not None:
        return found
    sources, label = case.package.data.load(), case.raw.index[position]
    fitted = _trace(case, lambda: case.package.features.fit(sources), position, len(typed), label)
    return (
        _first_difference(case, fitted, alone)
        or _first_difference(case, batch, alone, absent=True)
        or _first_difference(case, fitted, alone, absent=True)
    )


def _trace(
    case: Case, action: Callable[[], Any], position: int, rows: int, label: Any = None
) -> list[Step]:
    """Run ``action`` and return the state of one row after each line of the package's features.

    The row is found by ``label``, where a variable has labels and one is given, else at ``position`` of
    what has exactly ``rows`` rows.
    """
    filename = str(case.package.features.__file__)
    steps: list[Step] = []
    visits: dict[tuple[str, int], int] = {}
    last: dict[int, int] = {}

    def record(frame: FrameType) -> None:
        line = last.get(id(frame))
        if line is None:
            return
        key = (frame.f_code.co_name, line)
        visits[key] = visits.get(key, 0) + 1
        values = {
            name: row
            for name, value in frame.f_locals.items()
            if (row := _row(value, position, label, rows)) is not None
        }
        steps.append(Step(*key, visits[key], values))

    def trace_lines(frame: FrameType, event: str, _: Any) -> Any:
        if event in ("line", "return"):
            record(frame)
            last[id(frame)] = frame.f_lineno
        if event == "return":
            last.pop(id(frame), None)
        return trace_lines

    def trace_calls(frame: FrameType, event: str, _: Any) -> Any:
        return trace_lines if frame.f_code.co_filename == filename else None

    before = sys.gettrace()
    sys.settrace(trace_calls)
    try:
        action()
    except Exception:  # noqa: BLE001  the steps before the failure tell enough
        pass
    finally:
        sys.settrace(before)
    return steps


def _row(value: Any, position: int, label: Any, rows: int) -> dict[str, Any] | None:
    """Return the values of one row of a variable by column, None where it has no such row."""
    if not isinstance(value, (pd.DataFrame, pd.Series, np.ndarray)) or value.ndim == 0:
        return None
    if label is not None and hasattr(value, "index"):
        try:
            found = value.index.get_loc(label)
        except (KeyError, TypeError):
            return None
        if not isinstance(found, int):
            return None
        place = found
    else:
        if len(value) != rows:
            return None
        place = position
    one = tables.table(value.iloc[[place]] if hasattr(value, "iloc") else value[[place]])
    if one is None:
        return None
    return {one.name(i) if value.ndim > 1 else "": one.cell(0, i) for i in range(one.width)}


def _first_difference(
    case: Case, together: list[Step], alone: list[Step], *, absent: bool = False, ignored: str = ""
) -> Culprit | None:
    """Compare step by step; ``absent`` counts a column that only one side has as a difference."""
    known = {(step.function, step.line, step.visit): step.values for step in together}
    for step in alone:
        other = known.get((step.function, step.line, step.visit))
        if other is None:
            continue
        for variable in sorted(step.values.keys() & other.keys()):
            left, right = other[variable], step.values[variable]
            for column in sorted(
                left.keys() | right.keys() if absent else left.keys() & right.keys()
            ):
                if column != ignored and not _same(left.get(column), right.get(column)):
                    source = statement_at(str(case.package.features.__file__), step.line)
                    return Culprit(
                        step.function,
                        step.line,
                        source,
                        variable,
                        column,
                        left.get(column),
                        right.get(column),
                    )
    return None


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, float) and left != left:
        left = None
    if isinstance(right, float) and right != right:
        right = None
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return comparison.close(left, right)
    return bool(left == right)


def _in_notebook(case: Case, culprit: Culprit) -> dict[str, Any]:
    """Return cell, line and source of the notebook's line that is most like the culprit."""
    cells = case.plan.get("cells", {})
    numbers = cells_of(case.plan, culprit.function) or list(cells)
    found = most_alike(cells, numbers, culprit.source)
    return found if "cell" in found else {**found, **learned_at(case.plan, culprit.source)}


def _short(value: Any) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    return text if len(text) < 40 else text[:37] + "..."
