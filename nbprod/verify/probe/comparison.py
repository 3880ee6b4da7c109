"""Where two tables differ."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .tables import Array, Table, dense

DOUBLE = (1e-8, 1e-10)  # relative, absolute
SINGLE = (1e-5, 1e-6)
CHUNK = 1000  # rows that are compared at a time, dense


def differences(expected: Table, actual: Table, single: bool = False) -> Array:
    """Return where two tables of equal shape differ, (rows, width) of bool.

    Integers, booleans and text must be equal, floats within 1e-8 relative and 1e-10 absolute, those that
    were computed in ``single`` precision within 1e-5 and 1e-6; missing equals missing.
    """
    tolerance = SINGLE if single else DOUBLE
    found: Array = np.zeros((expected.rows, expected.width), dtype=bool)
    if expected.number_at == actual.number_at:
        found[:, expected.number_at] = _numbers_differ(
            expected.numbers, actual.numbers, expected.exact & actual.exact, tolerance
        )
        rest = list(expected.objects)
    else:
        rest = list(range(expected.width))
    for i in rest:
        left, right = _column(expected, i), _column(actual, i)
        found[:, i] = [not _same(a, b, tolerance) for a, b in zip(left, right)]  # noqa: B905
    return found


def _numbers_differ(left: Any, right: Any, exact: Array, tolerance: tuple[float, float]) -> Array:
    if left.shape[0] > CHUNK:
        parts = range(0, left.shape[0], CHUNK)
        found = [
            _numbers_differ(left[i : i + CHUNK], right[i : i + CHUNK], exact, tolerance)
            for i in parts
        ]
        return np.concatenate(found)
    left, right = dense(left), dense(right)
    with np.errstate(invalid="ignore", over="ignore"):
        bound = tolerance[1] + tolerance[0] * np.abs(left)
        near = (np.abs(left - right) <= bound) & np.isfinite(left)
    same = np.where(exact, left == right, near | (left == right))
    return ~(same | (np.isnan(left) & np.isnan(right)))


def close(left: float, right: float, tolerance: tuple[float, float] = DOUBLE) -> bool:
    """Say whether two numbers are equal up to rounding; an infinity equals only itself."""
    relative, absolute = tolerance
    return left == right or (
        math.isfinite(left) and abs(left - right) <= absolute + relative * abs(left)
    )


def _column(found: Table, column: int) -> Any:
    if column in found.objects:
        return found.objects[column]
    values = dense(found.numbers[:, [found.number_at.index(column)]]).ravel()
    return [None if value != value else float(value) for value in values]


def _same(left: Any, right: Any, tolerance: tuple[float, float]) -> bool:
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return close(left, right, tolerance)
    return bool(left == right)
