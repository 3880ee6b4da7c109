"""From arrays to Python values and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

NUMBERS = (
    {int},
    {float},
    {int, float},
    {int, type(None)},
    {float, type(None)},
    {int, float, type(None)},
)


def each_value(values: np.ndarray, function: Callable[[Any], Any]) -> np.ndarray:
    """Return ``function`` of each value, in the type that pandas finds in the results, (n,)."""
    if not len(values):
        return values.copy()
    return inferred([function(v) for v in values_of(values)])


def values_of(values: np.ndarray) -> list[Any]:
    """Return the values as a function applied to a pandas column sees them.

    Raises:
        TypeError: pandas would pass dates, which have no plain form.
    """
    if values.dtype.kind in "mM":
        raise TypeError("a function of one value that works on dates")
    return values.tolist()


def as_objects(values: list[Any]) -> np.ndarray:
    """Return values as an object array, (n,)."""
    out: np.ndarray = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def inferred(values: list[Any]) -> np.ndarray:
    """Return values as the column that pandas makes of a list of them: bool, int64, float64 or object.

    Raises:
        TypeError: the values are dates or numbers of numpy other than float64, bool and int64.
    """
    kinds = set(map(type, values))
    if kinds - PLAIN:
        values = [_plain(v) for v in values]
        kinds = set(map(type, values))
    if kinds == {str}:
        return as_objects(values)
    if kinds == {int}:
        return np.array(values, dtype=np.int64)
    if kinds == {bool}:
        return np.array(values, dtype=bool)
    if kinds in NUMBERS:
        return np.array(values, dtype=np.float64)  # None becomes NaN
    return as_objects(values)


PLAIN = {str, int, float, bool, type(None), list, tuple, dict}


def _plain(value: Any) -> Any:
    if isinstance(value, (np.float64, np.int64, np.bool_, np.str_)):
        return value.item()
    if type(value) in PLAIN:
        return value
    raise TypeError(f"a column of {type(value).__name__}")
