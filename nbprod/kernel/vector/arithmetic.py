"""Arithmetic where pandas and numpy differ."""

from __future__ import annotations

from typing import Any

import numpy as np


def floor_divide(left: Any, right: Any) -> np.ndarray:
    """Return the whole quotient; whole numbers by zero give infinity or NaN as in pandas, (n,)."""
    return _zero_aware(np.floor_divide, left, right)


def remainder(left: Any, right: Any) -> np.ndarray:
    """Return the remainder; whole numbers by zero give NaN as in pandas, (n,)."""
    return _zero_aware(np.remainder, left, right)


def _zero_aware(operation: np.ufunc, left: Any, right: Any) -> np.ndarray:
    one, two = np.asarray(left), np.asarray(right)
    if one.dtype.kind not in "iuf" or two.dtype.kind not in "iuf":
        raise TypeError(f"{operation.__name__} of {one.dtype} and {two.dtype}")
    if two.dtype.kind in "iu" and (two == 0).any() and one.dtype.kind in "iu":
        one = one.astype(np.float64)
    result: np.ndarray = operation(one, two)
    return result


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
        values = np.where((values >= lower) | (values != values), values, lower)
    if upper is not None and upper == upper:
        values = np.where((values <= upper) | (values != values), values, upper)
    return values
