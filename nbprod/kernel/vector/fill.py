"""Fill missing values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .missing import is_missing
from .values import as_objects


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
        return _settled(values)
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
    return _settled(filled)


def fill_frame(frame: Mapping[Any, np.ndarray], value: Any) -> dict[Any, np.ndarray]:
    """Return the columns filled with one value, or each with its own where ``value`` is a mapping."""
    if isinstance(value, Mapping):
        return {c: fill(v, value[c]) if c in value else v for c, v in frame.items()}
    return {c: fill(v, value) for c, v in frame.items()}


def _fill_rows(values: np.ndarray, value: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    if values.dtype.kind == "f" and value.dtype.kind in "fiu":
        return np.where(gaps, value, values)
    if values.dtype.kind == "O" and value.dtype.kind == "O":
        return _settled(np.where(gaps, value, values))
    raise TypeError(f"{values.dtype} filled with {value.dtype}")


def _settled(values: np.ndarray) -> np.ndarray:
    """Return an object column as the plainer type that pandas finds in it when it fills."""
    if values.dtype.kind != "O":
        return values
    items = values.tolist()
    kinds = set(map(type, items))
    if kinds == {bool}:
        return np.array(items, dtype=bool)
    if kinds == {int}:
        return np.array(items, dtype=np.int64)
    if kinds and kinds <= {int, float}:
        return np.array(items, dtype=np.float64)
    return values if isinstance(values, np.ndarray) else as_objects(items)
