"""Replace values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from .values import as_objects


def replace(values: np.ndarray, old: Any, new: Any) -> np.ndarray:
    """Return text with each value that is in ``old`` (one, or several) replaced by ``new``, (n,)."""
    if isinstance(old, str):
        if values.dtype.kind == "O" and old not in values.tolist():
            return values
        return replace_by(values, {old: new})
    return replace_by(values, dict.fromkeys(old, new))


def replace_by(values: np.ndarray, mapping: Mapping[Any, Any]) -> np.ndarray:
    """Return text with the values that are keys of ``mapping`` replaced, as plainer numbers where all are, (n,).

    Raises:
        TypeError: numbers among the replaced values, which changes types in ways that are not reproduced.
    """
    if any(not isinstance(k, str) for k in mapping):
        raise TypeError("a replaced value that is no text")
    if values.dtype.kind != "O":
        return values
    items = values.tolist()
    return _plainer([mapping.get(v, v) if isinstance(v, str) else v for v in items])


def _plainer(items: list[Any]) -> np.ndarray:
    kinds = set(map(type, items))
    if kinds == {int}:
        return np.array(items, dtype=np.int64)
    if kinds == {bool}:
        return np.array(items, dtype=bool)
    if kinds and kinds <= {int, float}:
        return np.array(items, dtype=np.float64)
    if type(None) in kinds and kinds <= {int, float, bool, type(None)}:
        raise TypeError("numbers beside None")
    return as_objects(items)


def replace_pattern(values: np.ndarray, pattern: str, new: str) -> np.ndarray:
    """Return the values with each match of the pattern in a text replaced, (n,)."""
    if values.dtype.kind != "O":
        return values
    sub = re.compile(pattern).sub
    return _plainer([sub(new, v) if isinstance(v, str) else v for v in values.tolist()])


def replace_number(values: np.ndarray, old: float, new: Any) -> np.ndarray:
    """Return numbers with one of them replaced by another, floating-point where the new one needs it, (n,).

    Raises:
        TypeError: the column holds no numbers, or the new value is none.
    """
    kind = values.dtype.kind
    if kind not in "if" or isinstance(new, (bool, str)) or not isinstance(new, (int, float)):
        raise TypeError(f"a number in {values.dtype} replaced by {type(new).__name__}")
    found = values == old
    if not found.any():
        return values
    if kind == "i" and not (isinstance(new, int) or new.is_integer()):
        return np.where(found, new, values.astype(np.float64))
    return np.where(found, np.array(new, dtype=values.dtype), values)
