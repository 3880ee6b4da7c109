"""Printed into ``replay.py`` of packages that use it."""

from __future__ import annotations

from typing import Any

import pandas as pd


def row_labels(*tables: Any) -> pd.Index | None:
    """Return the labels of the raw rows behind the first table that still has them."""
    for table in tables:
        if isinstance(table, (pd.DataFrame, pd.Series)):
            return table.index
    return None
