"""From arrays to Python values and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..values import NUMBERS, PLAIN, _plain, as_objects


def inferred(values: list[Any]) -> np.ndarray:
    """Return values as the column that pandas makes of a list of them: bool, int64, float64, text or object.

    Raises:
        TypeError: the values are dates or numbers of numpy other than float64, bool and int64.
    """
    kinds = set(map(type, values))
    if kinds - PLAIN:
        values = [_plain(v) for v in values]
        kinds = set(map(type, values))
    if kinds == {int}:
        return np.array(values, dtype=np.int64)
    if kinds == {bool}:
        return np.array(values, dtype=bool)
    if kinds in NUMBERS:
        return np.array(values, dtype=np.float64)  # None becomes NaN
    if str in kinds and all(isinstance(v, str) or v is None or v != v for v in values):
        return as_objects([v if isinstance(v, str) else np.nan for v in values])
    return as_objects(values)
