"""Change the type of a column."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from .values import as_objects


def to_int(values: np.ndarray, dtype: str = "int64") -> np.ndarray:
    """Return whole numbers, (n,), by default of int64.

    Raises:
        ValueError: a value is missing, infinite or no number.
    """
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise ValueError("cannot convert non-finite values to integers")
    if values.dtype.kind in "mM":
        raise TypeError("dates as integers")
    return values.astype(dtype)


def to_float(values: np.ndarray, dtype: str = "float64") -> np.ndarray:
    """Return floating-point numbers, (n,), by default of float64.

    Raises:
        ValueError: a text is no number.
    """
    if values.dtype.kind in "mM":
        raise TypeError("dates as numbers")
    return values.astype(dtype)


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
    whole = all(type(v) is int for v in found)
    return np.array(found, dtype=np.int64 if whole else np.float64)


def _number(value: Any, coerce: bool) -> int | float:
    if isinstance(value, bool):
        raise TypeError("truth values among texts")
    if isinstance(value, (int, float)):
        return value
    if value is None or value == "":
        return float("nan")
    found = _parsed(value.strip())
    if found is not None:
        return found
    if coerce:
        return float("nan")
    raise ValueError(f"unable to parse {value!r}")


def _parsed(text: str) -> int | float | None:
    """Return the number of a text as pandas reads it, None for what is no number.

    pandas does not round long decimals to the nearest number; up to 15 digits and powers of ten that are
    exact both do.
    """
    match = NUMBER.fullmatch(text)
    if match is None:
        if text.lower().lstrip("+-") in ("inf", "infinity"):
            return float(text) if text.count("+") + text.count("-") < 2 else None
        if not text.isascii() and any(c.isdigit() for c in text):
            raise TypeError("digits of other scripts")
        return None
    whole, decimals, exponent = match[1], match[2], match[3]
    if not whole and decimals is None:
        return None
    if decimals is None and exponent is None:
        if len(whole) > 18:
            raise TypeError("a number of many digits")
        return int(text)
    fraction = (decimals or ".")[1:]
    power = int(exponent or 0) - len(fraction)
    if len((whole + fraction).lstrip("0")) > 15 or abs(power) > 22:
        raise TypeError("a number of many digits")
    return float(text) if whole or fraction else None


NUMBER = re.compile(r"[+-]?([0-9]*)(\.[0-9]*)?(?:[eE]([+-]?[0-9]+))?")
