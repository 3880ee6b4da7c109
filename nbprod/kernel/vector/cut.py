"""Numbers into bins."""

from __future__ import annotations

from typing import Any

import numpy as np

from .values import as_objects


def cut(
    values: np.ndarray,
    bins: Any,
    labels: Any = False,
    *,
    right: bool = True,
    include_lowest: bool = False,
) -> np.ndarray:
    """Return the bin of each number: its position, or its label, missing outside of all bins, (n,).

    The edges are searched as ``pandas.cut`` does it: to the left for bins closed on the right.

    Raises:
        TypeError: the values are no numbers.
    """
    if values.dtype.kind not in "iuf":
        raise TypeError(f"bins of {values.dtype}")
    edges = np.asarray(bins)
    ids = edges.searchsorted(values, side="left" if right else "right")
    if include_lowest:
        ids[values == edges[0]] = 1
    outside = (ids == len(edges)) | (ids == 0) | (values != values)
    if labels is False:
        codes = ids - 1
        if outside.any():
            return np.where(outside, np.nan, codes)
        return codes
    names = list(labels)
    if len(names) != len(edges) - 1:
        raise ValueError("bin labels must be one fewer than the number of bin edges")
    kinds = set(map(type, names))
    if len(set(names)) != len(names) or kinds not in ({str}, {int}):
        raise TypeError("labels that are neither texts nor whole numbers, or occur twice")
    found = [
        np.nan if o else names[i - 1] for i, o in zip(ids.tolist(), outside.tolist(), strict=True)
    ]
    if kinds == {int}:
        return np.array(found, dtype=np.float64 if outside.any() else np.int64)
    return as_objects(found)
