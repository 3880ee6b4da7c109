"""Printed into ``replay.py`` of packages that use it."""

from __future__ import annotations

from typing import Any

import pandas as pd


def as_categories(data: Any, categories: Any) -> Any:
    """Cast columns (or one series) to the categories seen in training; unseen values become missing."""
    if isinstance(categories, dict):
        typed = data.copy(deep=False)
        for column, dtype in categories.items():  # astype({...}) takes twice as long for one row
            typed[column] = pd.Categorical(data[column], dtype=dtype)
        return typed
    return pd.Series(data).astype(categories)
