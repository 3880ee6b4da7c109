"""Printed into ``replay.py`` of packages that use it."""

from __future__ import annotations

from typing import Any

import pandas as pd


def categories_of(
    data: pd.DataFrame | pd.Series | Any, columns: Any = None
) -> dict[Any, pd.CategoricalDtype] | pd.CategoricalDtype:
    """Return the categories of the columns that ``pd.get_dummies`` encodes (or of one series)."""
    if not isinstance(data, pd.DataFrame):
        return pd.Series(data).astype("category").dtype
    if columns is None:
        columns = data.select_dtypes(include=["object", "string", "category"]).columns
    elif isinstance(columns, str):
        columns = [columns]
    return {column: data[column].astype("category").dtype for column in columns}
