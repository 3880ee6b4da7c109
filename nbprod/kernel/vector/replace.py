"""Replace values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .values import as_objects


def replace(values: np.ndarray, old: Any, new: Any) -> np.ndarray:
    """Return text with each value that is in ``old`` (one, or several) replaced by ``new``, (n,)."""
    several = [old] if isinstance(old, str) or not isinstance(old, Iterable) else list(old)
    return replace_by(values, dict.fromkeys(several, new))


def replace_by(values: np.ndarray, mapping: Mapping[Any, Any]) -> np.ndarray:
    """Return text with the values that are keys of ``mapping`` replaced, (n,).

    Raises:
        TypeError: numbers among the values, whose replacement changes types in ways that are not reproduced.
    """
    if values.dtype.kind != "O":
        if any(not isinstance(k, str) for k in mapping):
            raise TypeError("numbers replaced")
        return values
    if any(not isinstance(k, str) for k in mapping):
        raise TypeError("a replaced value that is no text")
    items = values.tolist()
    changed = [mapping.get(v, v) if isinstance(v, str) else v for v in items]
    kinds = set(map(type, changed))
    if kinds == {int}:
        return np.array(changed, dtype=np.int64)
    if kinds == {bool}:
        return np.array(changed, dtype=bool)
    if kinds and kinds <= {int, float} and any(isinstance(v, str) for v in items):
        return np.array(changed, dtype=np.float64)
    return as_objects(changed)
