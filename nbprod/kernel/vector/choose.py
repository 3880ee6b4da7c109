"""Choose between values, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .frames import rows_in


def where(mask: np.ndarray, chosen: Any, other: Any) -> np.ndarray:
    """Return ``chosen`` where the mask holds, else ``other``, as numpy does; text as objects, (n,)."""
    found = np.where(mask, chosen, other)
    return found.astype(object) if found.dtype.kind == "U" else found


def keep(values: np.ndarray, mask: np.ndarray, other: Any = np.nan) -> np.ndarray:
    """Return values where the mask holds, else ``other``, as ``Series.where`` does, (n,).

    Raises:
        TypeError: pandas would change the type of the column in a way that is not reproduced.
    """
    if mask.dtype.kind != "b":
        raise TypeError("a mask with missing values")
    if mask.all():
        return values.copy()
    if isinstance(other, np.ndarray):
        if values.dtype != other.dtype:
            raise TypeError(f"{values.dtype} and {other.dtype}")
        return np.where(mask, values, other)
    if values.dtype.kind == "O":
        out = values.copy()
        out[~mask] = other
        return out
    return np.where(mask, values, _fitting(values, other))


def put(
    frame: Mapping[Any, np.ndarray],
    name: Any,
    mask: np.ndarray,
    value: Any,
    *,
    chosen: bool = False,
) -> np.ndarray:
    """Return a column with ``value`` where the mask holds, as ``frame.loc[mask, name] = value`` leaves it, (n,).

    A new column is missing elsewhere. With ``chosen`` the value has a row for each chosen row alone.

    Raises:
        TypeError: pandas would change the type of the column in a way that is not reproduced.
    """
    if mask.dtype.kind != "b":
        raise TypeError("a mask with missing values")
    if name not in frame:
        return _new(rows_in(frame), mask, value)
    values = frame[name]
    if not len(values):
        return values.copy()
    if isinstance(value, np.ndarray):
        if value.dtype != values.dtype:
            raise TypeError(f"{values.dtype} set to {value.dtype}")
        out = values.copy()
        if chosen and len(value) != np.count_nonzero(mask):
            raise ValueError("values for another number of rows")
        out[mask] = value if chosen else value[mask]
        return out
    if isinstance(value, str) and values.dtype.kind in "iufb":
        out = values.astype(object)
        out[mask] = value
        return out
    out = values.copy()
    if out.dtype.kind != "O":
        value = _fitting(values, value)
        if isinstance(value, float) and values.dtype.kind == "i":
            out = out.astype(np.float64)
    out[mask] = value
    return out


def _new(count: int, mask: np.ndarray, value: Any) -> np.ndarray:
    if isinstance(value, np.ndarray):
        raise TypeError("a new column of some rows")
    if not count:
        raise ValueError("a new column of no rows")
    if isinstance(value, str):
        out: np.ndarray = np.full(count, np.nan, dtype=object)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        out = np.full(count, np.nan)
    else:
        raise TypeError(f"a new column of {type(value).__name__}")
    out[mask] = value
    return out


def _fitting(values: np.ndarray, value: Any) -> Any:
    """Return a value that fits into a column of numbers, as a Python number."""
    kind = values.dtype.kind
    if isinstance(value, (bool, np.bool_)):
        if kind == "b":
            return bool(value)
    elif isinstance(value, (int, np.integer)):
        if kind in "if":
            return int(value)
    elif isinstance(value, (float, np.floating)):
        if kind == "f":
            return float(value)
        if kind == "i":
            return int(value) if float(value).is_integer() else float(value)
    raise TypeError(f"{values.dtype} set to {type(value).__name__}")


def is_in(values: np.ndarray, known: Iterable[Any]) -> np.ndarray:
    """Return which values are among the known ones, (n,) of bool."""
    if values.dtype.kind in "mMb":
        raise TypeError(f"membership of {values.dtype}")
    among = set(known)
    if any(k != k or k is None or isinstance(k, bool) for k in among):
        raise TypeError("a missing value or a truth value among the known ones")
    return np.array([v in among for v in values.tolist()], dtype=bool)


def first_of(conditions: list[np.ndarray], choices: list[Any], default: Any = 0) -> np.ndarray:
    """Return the choice of the first condition that holds, as ``numpy.select`` does; text as objects, (n,)."""
    found = np.select(conditions, choices, default)
    return found.astype(object) if found.dtype.kind == "U" else found
