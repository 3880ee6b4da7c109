"""Printed into ``replay.py`` of packages that use it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def plain_answer(value: Any) -> Any:
    """Return an answer of the notebook's function in the values of JSON; missing values become None.

    A table is a list of records, a column is an object by label, or a list when its labels only count.

    Raises:
        TypeError: JSON has no such value.
    """
    if isinstance(value, pd.DataFrame):
        return [plain_answer(row) for row in value.to_dict("records")]
    if isinstance(value, pd.Series):
        counted = isinstance(value.index, pd.RangeIndex)
        value = value.tolist() if counted else dict(zip(value.index, value.tolist(), strict=True))
    if isinstance(value, (np.generic, np.ndarray, pd.Index)):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): plain_answer(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_answer(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain_answer(item) for item in value), key=repr)
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return None
    if isinstance(value, (str, bool, int, float)):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"an answer holds a {type(value).__name__}, for which JSON has no value")
