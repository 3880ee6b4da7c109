"""Estimators on chosen rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np


def predict_rows(method: Callable[[Any], np.ndarray], rows: Any) -> np.ndarray:
    """Call an estimator on the chosen rows; no rows give no answers instead of an error."""
    count = len(next(iter(rows.values()))) if isinstance(rows, Mapping) else len(rows)
    return method(rows) if count else np.empty(0)
