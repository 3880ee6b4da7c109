"""Columns of a learned table, looked up by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .lookup import looked_up


def look_up_columns(
    frame: Mapping[Any, np.ndarray], table: Mapping[Any, Any], keys: Iterable[Any]
) -> dict[Any, np.ndarray]:
    """Return the columns of a frame with those of a table beside them, as a left merge does.

    Raises:
        ValueError: a key occurs twice in the table, or both have a column of the same name.
    """
    names = list(keys)
    known = list(zip(*(list(table[name]) for name in names), strict=True))
    if len(set(known)) != len(known):
        raise ValueError("a key that occurs twice in a learned table")
    rows = list(zip(*(frame[name].tolist() for name in names), strict=True))
    out = dict(frame)
    for name, values in table.items():
        if name in names:
            continue
        if name in frame:
            raise ValueError(f"two columns are named {name}")
        out[name] = looked_up(rows, dict(zip(known, list(values), strict=True)))
    return out
