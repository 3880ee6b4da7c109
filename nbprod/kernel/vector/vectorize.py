"""Records as rows of numbers: what a ``DictVectorizer`` does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def vectorize(frame: Mapping[Any, np.ndarray], learned: Mapping[str, Any]) -> np.ndarray:
    """Return the numbers of each row at the places that training gave them, (n, places) of float64.

    A text counts as one at the place of ``name=text``, a number as itself at the place of its column; what
    training never met is left out.

    Raises:
        TypeError: a value is neither text nor a number.
    """
    places: Mapping[str, int] = learned["places"]
    separator = learned["separator"]
    count = len(next(iter(frame.values())))
    out: np.ndarray = np.zeros((count, len(places)))
    for name, values in frame.items():
        if values.dtype.kind in "iufb":
            if name in places:
                out[:, places[name]] = values + 0.0  # a sum, which knows no -0.0
            continue
        if values.dtype.kind != "O":
            raise TypeError(f"records of {values.dtype}")
        for row, value in enumerate(values.tolist()):
            if isinstance(value, str):
                place = places.get(f"{name}{separator}{value}")
                if place is not None:
                    out[row, place] = 1
            elif value is None or isinstance(value, (int, float)):
                if name in places:
                    out[row, places[name]] = np.nan if value is None else value + 0.0
            else:
                raise TypeError(f"records of {type(value).__name__}")
    return out
