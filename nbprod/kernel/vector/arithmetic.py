"""Arithmetic where pandas and numpy differ."""

from __future__ import annotations

from typing import Any

import numpy as np


def floor_divide(left: Any, right: Any) -> np.ndarray:
    """Return the whole quotient; whole numbers by zero give infinity or NaN as in pandas, (n,)."""
    quotient, by_zero, one = _zero_aware(np.floor_divide, left, right)
    if not by_zero.any():
        return quotient
    infinite = np.where(one > 0, np.inf, np.where(one < 0, -np.inf, np.nan))
    return np.where(by_zero, infinite, quotient)


def remainder(left: Any, right: Any) -> np.ndarray:
    """Return the remainder; whole numbers by zero give NaN as in pandas, (n,)."""
    rest, by_zero, _ = _zero_aware(np.remainder, left, right)
    return np.where(by_zero, np.nan, rest) if by_zero.any() else rest


def _zero_aware(
    operation: np.ufunc, left: Any, right: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the result, where whole numbers are divided by zero, and the left side."""
    one, two = np.asarray(left), np.asarray(right)
    if one.dtype.kind not in "if" or two.dtype.kind not in "if":
        raise TypeError(f"{operation.__name__} of {one.dtype} and {two.dtype}")
    if one.dtype.kind == "f" or two.dtype.kind == "f":
        result = operation(one, two)
        return result, np.zeros(result.shape, dtype=bool), one
    by_zero = np.broadcast_to(two == 0, np.broadcast_shapes(one.shape, two.shape))
    return operation(one, np.where(two == 0, 1, two)), by_zero, one


def rounded(values: np.ndarray, digits: int = 0) -> np.ndarray:
    """Return numbers rounded half to even, (n,)."""
    if values.dtype.kind not in "iuf":
        raise TypeError(f"rounding of {values.dtype}")
    return values.round(digits)


def clipped(values: np.ndarray, lower: Any = None, upper: Any = None) -> np.ndarray:
    """Return numbers within limits, missing ones still missing, (n,)."""
    if values.dtype.kind not in "iuf":
        raise TypeError(f"limits of {values.dtype}")
    if lower is not None and lower == lower:
        values = _kept(values, (values >= lower) | (values != values), lower)
    if upper is not None and upper == upper:
        values = _kept(values, (values <= upper) | (values != values), upper)
    return values


def _kept(values: np.ndarray, within: np.ndarray, limit: Any) -> np.ndarray:
    return values if within.all() else np.where(within, values, limit)
