"""Functions of one row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from .values import inferred


def each_row(
    frame: Mapping[Any, np.ndarray], names: Iterable[Any], function: Callable[[dict[Any, Any]], Any]
) -> np.ndarray:
    """Return ``function`` of each row, of which it reads the named columns, (n,)."""
    return inferred([function(row) for row in rows_of(frame, names)])


def rows_of(frame: Mapping[Any, np.ndarray], names: Iterable[Any]) -> Iterator[dict[Any, Any]]:
    """Yield the named columns of each row with the values that a row of a pandas frame has.

    All columns of the frame decide: whole numbers beside floating-point ones alone become floating-point.

    Raises:
        TypeError: dates are among the columns.
    """
    kinds = {values.dtype.kind for values in frame.values()}
    if kinds & set("mMc"):
        raise TypeError("a function of rows with dates")
    wanted = list(names)
    columns = [frame[name] for name in wanted]
    if kinds <= set("iuf") and len(kinds) > 1:
        columns = [c.astype(np.float64) for c in columns]
    if kinds <= set("iuf") or kinds == {"b"}:
        items: list[Any] = [list(c) for c in columns]  # scalars of numpy, as in a row of one type
    else:
        items = [c.tolist() for c in columns]
    return (dict(zip(wanted, row, strict=True)) for row in zip(*items, strict=True))
