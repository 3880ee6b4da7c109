"""Look values up in what was learned or written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..lookup import _keys, looked_up
from ..values import as_objects, inferred


def map_values(values: np.ndarray, mapping: Mapping[Any, Any]) -> np.ndarray:
    """Return the mapped values; a value that is not in the mapping becomes missing, (n,).

    A mapped column of text is of the type that pandas sees in what was found.

    Raises:
        TypeError: the column or the mapping is of a type whose result in pandas is not reproduced.
    """
    if values.dtype.kind == "O" and not len(values):
        return values.copy()
    found = looked_up(_keys(values, mapping), mapping)
    if found.dtype.kind != "O":
        return found
    kinds = set(map(type, mapping.values()))
    if kinds == {type(None)}:
        raise TypeError("a mapping to nothing")
    if kinds <= {str, type(None)}:
        return as_objects([np.nan if v is None else v for v in found.tolist()])
    return inferred(found.tolist()) if values.dtype.kind == "O" else found
