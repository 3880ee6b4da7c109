"""Which raw row is behind each row of the notebook's X."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd

from .. import comparison
from ..tables import Array, Table

UNKNOWN = -1
BY_VALUE = "equal values"


def trace(X: Table, everything: Table, raw: pd.DataFrame, rows: Any) -> tuple[Array, str]:
    """Return the place in ``raw`` of every row of X, (n,), -1 where unknown, and how it was found.

    ``everything`` are the features of all raw rows. ``rows`` are the labels that the package gives, or
    None; when they are given they are taken at their word, for the checks to refute.
    """
    if rows is not None and len(rows) == X.rows and raw.index.is_unique:
        return raw.index.get_indexer(pd.Index(rows)), "row labels given by the package"
    if X.labels is not None and raw.index.is_unique:
        places = raw.index.get_indexer(pd.Index(X.labels))
        if (places >= 0).all() and not _differs(X, everything, places):
            return places, "row labels of the notebook's X"
    if X.rows == everything.rows:
        places = np.arange(X.rows)
        if not _differs(X, everything, places):
            return places, "same order"
    return by_value(X, everything), BY_VALUE


def _differs(X: Table, everything: Table, places: Array) -> bool:
    return bool(comparison.differences(X, everything.take(places)).any())


def by_value(X: Table, everything: Table) -> Array:
    """Return a distinct row of ``everything`` with equal values for every row of X, or -1."""
    free: dict[bytes, list[int]] = defaultdict(list)
    for place, key in enumerate(keys(everything)):
        free[key].append(place)
    for places in free.values():
        places.reverse()
    found = np.full(X.rows, UNKNOWN)
    for row, key in enumerate(keys(X)):
        if free.get(key):
            found[row] = free[key].pop()
    left = np.array([place for places in free.values() for place in places], dtype=int)
    for row in np.flatnonzero(found == UNKNOWN)[:2000]:
        if not len(left):
            break
        one = X.take(np.full(len(left), row))
        near = np.flatnonzero(~comparison.differences(one, everything.take(left)).any(axis=1))
        if len(near):
            found[row] = left[near[0]]
            left = np.delete(left, near[0])
    return found


def strangers(X: Table, everything: Table) -> Array:
    """Say of every row of X, (n,), whether it equals no row of ``everything``, not even one drawn before."""
    known: dict[bytes, int] = {}
    for place, key in enumerate(keys(everything)):
        known.setdefault(key, place)
    places = np.array([known.get(key, UNKNOWN) for key in keys(X)], dtype=int)
    strange = places == UNKNOWN
    found = np.flatnonzero(~strange)
    if len(found):
        equal = X.take(found), everything.take(places[found])
        strange[found] = comparison.differences(*equal).any(axis=1)
    return strange


def keys(table: Table) -> list[bytes]:
    """Return one key a row, equal for equal rows; numbers are cut to 24 bits, so that rounding noise seldom matters."""
    keys = []
    for start in range(0, table.rows, 4096):
        part = table.take(np.arange(start, min(start + 4096, table.rows)))
        dense = part.numbers.toarray() if hasattr(part.numbers, "toarray") else part.numbers
        mantissa, exponent = np.frexp(dense)
        cut = np.ldexp(np.round(mantissa * 2.0**20), exponent) + 0.0
        cut[np.isnan(cut)] = np.nan
        texts = [repr([column[i] for column in part.objects.values()]) for i in range(part.rows)]
        keys += [row.tobytes() + text.encode() for row, text in zip(cut, texts, strict=True)]
    return keys
