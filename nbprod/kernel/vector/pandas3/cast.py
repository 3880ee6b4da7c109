"""Change the type of a column."""

from __future__ import annotations

import numpy as np

from ..values import as_objects


def to_text(values: np.ndarray) -> np.ndarray:
    """Return the values as text, a missing one still missing, (n,)."""
    if values.dtype.kind in "mM":
        raise TypeError("dates as text")
    return as_objects([np.nan if v is None or v != v else str(v) for v in values.tolist()])
