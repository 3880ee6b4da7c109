"""Replace values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..values import as_objects


def replace_by(values: np.ndarray, mapping: Mapping[Any, Any]) -> np.ndarray:
    """Return text with the values that are keys of ``mapping`` replaced; numbers stay objects, (n,).

    Raises:
        TypeError: numbers among the replaced values, or nothing among the new ones.
    """
    if any(not isinstance(k, str) for k in mapping):
        raise TypeError("a replaced value that is no text")
    if any(v is None for v in mapping.values()):
        raise TypeError("a value that is replaced by nothing")
    if values.dtype.kind != "O":
        return values
    return as_objects([mapping.get(v, v) if isinstance(v, str) else v for v in values.tolist()])


def replace_pattern(values: np.ndarray, pattern: str, new: str) -> np.ndarray:
    """Return the values with each match of the pattern in a text replaced, (n,)."""
    if values.dtype.kind != "O":
        return values
    sub = re.compile(pattern).sub
    return as_objects([sub(new, v) if isinstance(v, str) else v for v in values.tolist()])
