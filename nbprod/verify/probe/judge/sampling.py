"""Which rows to look at one by one: those that can show a difference."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..tables import Array

RANDOM = 25
MOST_COLUMNS = 80
MOST_COVERAGE = 250


def chosen(raw: pd.DataFrame, positions: Array) -> Array:
    """Return places in ``positions``: coverage rows first, then random ones, without repetition.

    Coverage rows are, for every raw column, a missing, the smallest, the largest, the rarest and the
    commonest value.
    """
    rows = raw.iloc[positions]
    wanted: list[int] = []
    for name in list(raw.columns)[:MOST_COLUMNS]:
        column = rows[name]
        if isinstance(column, pd.Series):
            wanted += _coverage(column)
    random = np.random.default_rng(0).permutation(len(positions))[:RANDOM]
    return np.array(list(dict.fromkeys([*wanted[:MOST_COVERAGE], *random.tolist()])), dtype=int)


def _coverage(column: pd.Series) -> list[int]:
    missing = column.isna().to_numpy()
    found = [int(np.argmax(missing))] if missing.any() else []
    present = np.flatnonzero(~missing)
    if not len(present):
        return found
    values = column.iloc[present]
    if pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.to_numpy(dtype=float)
        found += [int(present[numbers.argmin()]), int(present[numbers.argmax()])]
    try:
        counts = values.value_counts()
    except TypeError:  # unhashable values
        return found
    if len(counts) < len(values):
        for value in (counts.index[0], counts.index[-1]):
            found.append(int(present[np.argmax((values == value).to_numpy())]))
    return found
