"""What a prediction means in the terms of the raw label, found from the labels alone.

The notebook's fit saw labels ``y``; the data source has a label column. Where one is an encoding of the other
the pairs tell how to read a prediction: nothing here asks the generated project.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

INVERSES: dict[str, Callable[[float], float]] = {
    "same": lambda value: value,
    "log1p": math.expm1,
    "log": math.exp,
    "log10": lambda value: 10.0**value,
    "log2": lambda value: 2.0**value,
    "sqrt": lambda value: value * value,
    "thousands": lambda value: value * 1000.0,
}


def decoded(
    labels: Sequence[Any], raw: Sequence[Any], predicted: Sequence[Any]
) -> tuple[str, list[Any]] | None:
    """Return how the raw label was encoded, and the predictions in its terms.

    ``labels`` and ``raw`` are the label seen by the fit and the label in the data, row by row; None when
    the rows tell no encoding that can be undone.
    """
    if not labels or any(isinstance(value, list) for value in (*labels, *predicted)):
        return None
    known = _table(labels, raw)
    if known is not None and set(map(_key, predicted)) <= set(known):
        same = all(equal(value, key) for key, value in known.items())
        return ("same" if same else "codes"), [known[_key(value)] for value in predicted]
    if not all(map(_is_number, (*labels, *raw, *predicted))):
        return None
    for name, inverse in (*INVERSES.items(), ("scaled", _line(labels, raw))):
        with_inverse = _applied(inverse, labels)
        if with_inverse is not None and all(map(equal, with_inverse, raw)):
            answers = _applied(inverse, predicted)
            return None if answers is None else (name, answers)
    return None


def agree(labels: Sequence[Any], raw: Sequence[Any]) -> bool:
    """Say whether labels and raw labels can belong to the same rows.

    Equal raw labels must have become equal labels; where nearly every raw label is different this says
    nothing, and one must be an encoding of the other.
    """
    seen: dict[Any, Any] = {}
    follows = all(
        equal(seen.setdefault(_key(before), after), after)
        for before, after in zip(raw, labels, strict=True)
    )
    flat = [v[0] if isinstance(v, list) and len(v) == 1 else v for v in labels]
    return follows and (2 * len(seen) <= len(raw) or decoded(flat, raw, flat[:1]) is not None)


def equal(given: Any, expected: Any, tolerance: float = 1e-6) -> bool:
    """Compare two answers; numbers within a relative tolerance, lists item by item."""
    if isinstance(given, list) or isinstance(expected, list):
        these, those = (v if isinstance(v, list) else [v] for v in (given, expected))
        if len(these) != len(those):
            return False
        return all(equal(a, b, tolerance) for a, b in zip(these, those, strict=True))
    if given is None or expected is None:
        return given is expected
    try:
        left, right = float(given), float(expected)
    except (TypeError, ValueError):
        return str(given) == str(expected)
    return left == right or abs(left - right) <= tolerance * max(1e-3, abs(right))


def _table(labels: Sequence[Any], raw: Sequence[Any]) -> dict[Any, Any] | None:
    """Return label -> raw label when each label stands for one raw label and there are few."""
    table: dict[Any, Any] = {}
    for label, before in zip(labels, raw, strict=True):
        if not equal(table.setdefault(_key(label), before), before):
            return None
    return table if len(table) <= max(2, min(100, len(labels) // 2)) else None


def _line(labels: Sequence[float], raw: Sequence[float]) -> Callable[[float], float]:
    """Return the line through the rows with the smallest and the largest label."""
    low = min(range(len(labels)), key=labels.__getitem__)
    high = max(range(len(labels)), key=labels.__getitem__)
    run = labels[high] - labels[low]
    slope = (raw[high] - raw[low]) / run if run else 0.0
    return lambda value: raw[low] + slope * (value - labels[low])


def _applied(inverse: Callable[[float], float], values: Sequence[float]) -> list[float] | None:
    try:
        return [inverse(value) for value in values]
    except OverflowError:
        return None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _key(value: Any) -> Any:
    return float(value) if isinstance(value, (bool, int, float)) else value


__all__ = ["agree", "decoded", "equal"]
