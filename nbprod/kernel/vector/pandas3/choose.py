"""Choose between values, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..choose import _fitting, _new
from ..frames import rows_in


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
        TypeError: the value is of another type than the column, which pandas refuses, too.
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
    if values.dtype.kind != "O":
        value = _fitting(values, value)
        if isinstance(value, float) and values.dtype.kind == "i":
            raise TypeError("whole numbers set to a fraction")
    elif value is None:
        value = np.nan
    elif not isinstance(value, str) and value == value and _is_text(values):
        raise TypeError(f"text set to {type(value).__name__}")
    out = values.copy()
    out[mask] = value
    return out


def _is_text(values: np.ndarray) -> bool:
    return all(isinstance(v, str) or v is None or v != v for v in values.tolist())
