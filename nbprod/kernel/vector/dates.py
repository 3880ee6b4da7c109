"""Dates and their parts."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import numpy as np

ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?")
PARTS: dict[str, tuple[str, str, int]] = {  # part: unit, larger unit, first number
    "month": ("M", "Y", 1), "day": ("D", "M", 1), "hour": ("h", "D", 0), "minute": ("m", "h", 0), "second": ("s", "m", 0),
    "dayofyear": ("D", "Y", 1), "day_of_year": ("D", "Y", 1),
}  # fmt: skip


def to_dates(values: np.ndarray, form: str = "") -> np.ndarray:
    """Return dates of texts in a form of ``strptime``, by default ISO 8601; missing stays missing, (n,).

    Raises:
        ValueError: a text is not in that form.
    """
    if values.dtype.kind == "M":
        return values
    if values.dtype.kind not in "OU":
        raise TypeError(f"dates of {values.dtype}")
    found = [_date(v, form) if isinstance(v, str) else _no_date(v) for v in values.tolist()]
    return np.array(found, dtype="datetime64[ns]")


def date_part(values: np.ndarray, part: str) -> np.ndarray:
    """Return a part of each date, int32 unless one is missing, then float64, (n,)."""
    if values.dtype.kind != "M":
        raise AttributeError(f"a part of {values.dtype}")
    return _maybe_missing(_part(values, part), values, np.int32)


def whole_days(values: np.ndarray) -> np.ndarray:
    """Return the whole days of each duration, int64 unless one is missing, then float64, (n,)."""
    if values.dtype.kind != "m":
        raise AttributeError(f"days of {values.dtype}")
    nanoseconds: np.ndarray = values.astype("timedelta64[ns]").astype(np.int64)
    return _maybe_missing(nanoseconds // 86_400_000_000_000, values, np.int64)


def _part(values: np.ndarray, part: str) -> np.ndarray:
    if part == "year":
        return values.astype("datetime64[Y]").astype(np.int64) + 1970
    days: np.ndarray = values.astype("datetime64[D]").astype(np.int64)
    if part in ("dayofweek", "weekday", "day_of_week"):
        return (days + 3) % 7
    if part == "quarter":
        return (_part(values, "month") - 1) // 3 + 1
    unit, larger, first = PARTS[part]
    step: np.ndarray = values.astype(f"datetime64[{unit}]")
    start: np.ndarray = values.astype(f"datetime64[{larger}]").astype(f"datetime64[{unit}]")
    return (step - start).astype(np.int64) + first


def _maybe_missing(found: np.ndarray, values: np.ndarray, dtype: Any) -> np.ndarray:
    missing = np.isnat(values)
    if missing.any():
        return np.where(missing, np.nan, found.astype(np.float64))
    return found.astype(dtype)


def _date(text: str, form: str) -> Any:
    if form:
        moment = datetime.strptime(text, form)  # noqa: DTZ007  dates of a table have no zone
        if moment.tzinfo is not None:
            raise TypeError("dates with a time zone")
        return np.datetime64(moment, "ns")
    if not ISO.fullmatch(text):
        raise TypeError("dates in a form that is not ISO 8601")
    return np.datetime64(text, "ns")


def _no_date(value: Any) -> Any:
    if value is None or value != value:
        return np.datetime64("NaT")
    raise TypeError("dates of numbers")
