"""Printed into ``replay.py`` of packages that use it."""

from __future__ import annotations

from typing import Any

import pandas as pd


def group_values(keys: pd.DataFrame | pd.Series, learned: Any) -> pd.Series | pd.DataFrame:
    """Look up one learned value per row by its group key; a group training never met is missing."""
    if isinstance(keys, pd.DataFrame) and keys.shape[1] == 1 and learned.index.nlevels == 1:
        keys = keys.iloc[:, 0]
    if isinstance(keys, pd.DataFrame):
        found = learned.reindex(pd.MultiIndex.from_frame(keys))
        return found.set_axis(keys.index)
    if isinstance(learned, pd.DataFrame):
        return learned.reindex(keys).set_axis(keys.index)
    return keys.map(learned)
