"""Printed into ``replay.py`` of packages that use it."""

from __future__ import annotations

from typing import Any

import numpy as np


def predict_rows(method: Any, rows: Any) -> Any:
    """Call an estimator on the selected rows; no rows give no answers instead of an error."""
    if len(rows) == 0:
        return np.empty(0)
    return method(rows)
