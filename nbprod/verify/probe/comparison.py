"""Where two tables differ."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .tables import Array, Table, dense

RTOL = 1e-8
ATOL = 1e-10
CHUNK = 1000  # rows that are compared at a time, dense


def differences(expected: Table, actual: Table) -> Array:
    """Return where two tables of equal shape differ, (rows, width) of bool.

    Integers, booleans and text must be equal, floats within 1e-8 relative and 1e-10 absolute; missing
    equals missing.
    """
    found: Array = np.zeros((expected.rows, expected.width), dtype=bool)
    if expected.number_at == actual.number_at:
        found[:, expected.number_at] = _numbers_differ(
            expected.numbers, actual.numbers, expected.exact & actual.exact
        )
        rest = list(expected.objects)
    else:
        rest = list(range(expected.width))
    for i in rest:
        left, right = _column(expected, i), _column(actual, i)
        found[:, i] = [not _same(a, b) for a, b in zip(left, right)]  # noqa: B905
    return found


def _numbers_differ(left: Any, right: Any, exact: Array) -> Array:
    if left.shape[0] > CHUNK:
        parts = range(0, left.shape[0], CHUNK)
        found = [_numbers_differ(left[i : i + CHUNK], right[i : i + CHUNK], exact) for i in parts]
        return np.concatenate(found)
    left, right = dense(left), dense(right)
    with np.errstate(invalid="ignore", over="ignore"):
        near = (np.abs(left - right) <= ATOL + RTOL * np.abs(left)) & np.isfinite(left)
    same = np.where(exact, left == right, near | (left == right))
    return ~(same | (np.isnan(left) & np.isnan(right)))


def close(left: float, right: float) -> bool:
    """Say whether two numbers are equal up to rounding; an infinity equals only itself."""
    return left == right or (math.isfinite(left) and abs(left - right) <= ATOL + RTOL * abs(left))


def _column(found: Table, column: int) -> Any:
    if column in found.objects:
        return found.objects[column]
    values = dense(found.numbers[:, [found.number_at.index(column)]]).ravel()
    return [None if value != value else float(value) for value in values]


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return close(left, right)
    return bool(left == right)
