"""Missing values."""

from __future__ import annotations

from typing import Any

import numpy as np


def is_missing(values: np.ndarray) -> np.ndarray:
    """Return which values are missing (NaN, None, NaT), (n,) of bool."""
    kind = values.dtype.kind
    if kind == "f":
        return np.isnan(values)
    if kind == "O":
        return np.array([v is None or v != v for v in values.tolist()], dtype=bool)
    if kind in "mM":
        return np.isnat(values)
    return np.zeros(values.shape, dtype=bool)


def is_present(values: np.ndarray) -> np.ndarray:
    """Return which values are not missing, (n,) of bool."""
    return ~is_missing(values)


def lacks(value: Any) -> bool:
    """Return whether one value is missing."""
    return value is None or value != value
