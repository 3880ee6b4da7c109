"""Fill missing values."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..missing import is_missing


def fill(values: np.ndarray, value: Any) -> np.ndarray:
    """Return values with the missing ones replaced by ``value``: one for all, or one a row, (n,).

    Raises:
        TypeError: pandas would change the type of the column in a way that is not reproduced.
    """
    kind = values.dtype.kind
    if kind in "iub":
        return values
    gaps = is_missing(values)
    if not gaps.any():
        return values
    if isinstance(value, np.ndarray):
        return _fill_rows(values, value, gaps)
    if value is None or value != value:
        return values
    if kind == "f":
        if isinstance(value, (bool, np.bool_)):
            raise TypeError("a number filled with a truth value")
        if isinstance(value, (int, float, np.number)):
            return np.where(gaps, float(value), values)
        values = values.astype(object)
    elif kind != "O":
        raise TypeError("dates filled with a value")
    filled = values.copy()
    filled[gaps] = value
    return filled


def _fill_rows(values: np.ndarray, value: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    if values.dtype.kind == "f" and value.dtype.kind in "fiu":
        return np.where(gaps, value, values)
    if values.dtype.kind == "O" and value.dtype.kind == "O":
        return np.where(gaps, value, values)
    raise TypeError(f"{values.dtype} filled with {value.dtype}")
