"""Printed into ``replay.py`` of packages that use it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def codes_of(values: Any, known: pd.Index) -> np.ndarray:
    """Return the position of each value in ``known``, -1 for a value training never met, (n rows,)."""
    codes: np.ndarray = known.get_indexer(pd.Index(values))
    return codes
