"""Change the type of a column."""

from __future__ import annotations

from typing import Any

import numpy as np

from .values import as_objects


def to_int(values: np.ndarray) -> np.ndarray:
    """Return whole numbers, (n,) of int64.

    Raises:
        ValueError: a value is missing, infinite or no number.
    """
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise ValueError("cannot convert non-finite values to integers")
    if values.dtype.kind in "mM":
        raise TypeError("dates as integers")
    return values.astype(np.int64)


def to_float(values: np.ndarray) -> np.ndarray:
    """Return floating-point numbers, (n,) of float64.

    Raises:
        ValueError: a text is no number.
    """
    if values.dtype.kind in "mM":
        raise TypeError("dates as numbers")
    return values.astype(np.float64)


def to_text(values: np.ndarray) -> np.ndarray:
    """Return the values as text, a missing one as ``"nan"``, (n,)."""
    if values.dtype.kind in "mM":
        raise TypeError("dates as text")
    return as_objects([str(v) for v in values.tolist()])


def to_number(values: np.ndarray, *, coerce: bool = False) -> np.ndarray:
    """Return numbers of texts; with ``coerce`` what is no number is missing, (n,).

    Raises:
        ValueError: a text is no number.
    """
    if values.dtype.kind in "iufb":
        return values
    if values.dtype.kind != "O":
        raise TypeError(f"numbers of {values.dtype}")
    found = [_number(v, coerce) for v in values.tolist()]
    whole = found and all(type(v) is int for v in found)
    return np.array(found, dtype=np.int64 if whole else np.float64)


def _number(value: Any, coerce: bool) -> int | float:
    if isinstance(value, bool):
        raise TypeError("truth values among texts")
    if isinstance(value, (int, float)):
        return value
    if value is None:
        return float("nan")
    text = value.strip()
    if text.isascii() and "_" not in text:
        if text.lstrip("+-").isdigit():
            if len(text) > 18:
                raise TypeError("a number of many digits")
            return int(text)
        if text.lower().lstrip("+-") in ("nan", "inf", "infinity", ""):
            raise_or = text.lower().lstrip("+-")
            if raise_or == "" and coerce and not text:
                return float("nan")
        try:
            return float(text)
        except ValueError:
            pass
    if coerce:
        return float("nan")
    raise ValueError(f"unable to parse {value!r}")
