"""Printed into ``replay.py`` of packages that use it."""

from __future__ import annotations

from typing import Any

import pandas as pd


def row_labels(*tables: Any) -> pd.Index | None:
    """Return the labels of the raw rows behind the tables: the first labels not numbered anew."""
    indexes = [table.index for table in tables if isinstance(table, (pd.DataFrame, pd.Series))]
    kept = [index for index in indexes if not index.equals(pd.RangeIndex(len(index)))]
    return next(iter(kept or indexes), None)
