"""Look values up in what was learned or written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .values import as_objects

LOST = object()
NOTHING = float("nan")


def map_values(values: np.ndarray, mapping: Mapping[Any, Any]) -> np.ndarray:
    """Return the mapped values; a value that is not in the mapping becomes missing, (n,).

    Raises:
        TypeError: the column or the mapping is of a type whose result in pandas is not reproduced.
    """
    return looked_up(_keys(values, mapping), mapping)


def group_value(keys: Any, mapping: Mapping[Any, Any]) -> np.ndarray:
    """Return the learned value of the group of each row, missing for a group that training never met, (n,)."""
    if isinstance(keys, Mapping):
        columns = list(keys.values())
        if len(columns) == 1:
            return map_values(columns[0], mapping)
        rows = zip(*(c.tolist() for c in columns), strict=True)
        return looked_up(list(rows), mapping)
    return map_values(keys, mapping)


def looked_up(keys: list[Any], mapping: Mapping[Any, Any]) -> np.ndarray:
    """Return the values of keys in the type that pandas gives them, (n,)."""
    kinds = set(map(type, mapping.values()))
    if kinds == {float} or not mapping:
        return np.array([mapping.get(k, NOTHING) for k in keys], dtype=np.float64)
    found = [mapping.get(k, LOST) for k in keys]
    lost = any(v is LOST for v in found)
    if kinds <= {int, float, type(None)} and kinds != {type(None)}:
        if kinds == {int} and not lost:
            return np.array(found, dtype=np.int64)
        return np.array([NOTHING if v is LOST else v for v in found], dtype=np.float64)
    if kinds == {bool} and not lost:
        return np.array(found, dtype=bool)
    if not kinds <= {str, bool, int, float, type(None)}:
        raise TypeError(f"a mapping to {', '.join(sorted(k.__name__ for k in kinds))}")
    return as_objects([np.nan if v is LOST else v for v in found])


def _keys(values: np.ndarray, mapping: Mapping[Any, Any]) -> list[Any]:
    kind = values.dtype.kind
    if kind in "mM":
        raise TypeError("dates looked up in a mapping")
    keys = values.tolist()
    if kind == "b" and not all(isinstance(k, bool) for k in mapping):
        raise TypeError("truth values looked up among other values")
    if kind in "iuf" and any(isinstance(k, bool) for k in mapping):
        raise TypeError("numbers looked up among truth values")
    if kind in "fO" and any(k != k for k in mapping):
        missing = next(k for k in mapping if k != k)
        keys = [missing if k is None or k != k else k for k in keys]
    return keys
