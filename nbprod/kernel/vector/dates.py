"""Dates and their parts."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import numpy as np

from .values import as_objects

NO_DATE = frozenset(["", "NaT", "nat", "NAT", "nan", "NaN", "NAN"])
LAYOUTS = {  # what pandas sees in the first text of a column, where it is told no form
    "%Y-%m-%d": re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"),
    "%Y-%m-%d %H:%M": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}"),
    "%Y-%m-%d %H:%M:%S": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"),
    "%Y-%m-%dT%H:%M:%S": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"),
    "%m/%d/%Y": re.compile(r"(?:0?[1-9]|1[0-2])/[0-9]{1,2}/[0-9]{4}"),
}
PARTS: dict[str, tuple[str, str, int]] = {  # part: unit, larger unit, first number
    "month": ("M", "Y", 1), "day": ("D", "M", 1), "hour": ("h", "D", 0), "minute": ("m", "h", 0), "second": ("s", "m", 0),
    "dayofyear": ("D", "Y", 1), "day_of_year": ("D", "Y", 1),
}  # fmt: skip


def to_dates(values: np.ndarray, form: str = "") -> np.ndarray:
    """Return dates of texts in a form of ``strptime``, by default in that of the first; missing stays missing, (n,).

    Raises:
        ValueError: a text is not in that form.
        TypeError: the form is not one of those that are known.
    """
    if values.dtype.kind == "M":
        return values
    if values.dtype.kind not in "OU":
        raise TypeError(f"dates of {values.dtype}")
    texts = values.tolist()
    if not form:
        texts = (
            [texts[0].strip()]
            if len(texts) == 1 and isinstance(texts[0], str) and texts[0].strip()
            else texts
        )
        form = _layout(texts)
    return np.array([_date(text, form) for text in texts], dtype="datetime64[ns]")


def _layout(texts: list[Any]) -> str:
    """Return the form of the first date; all must have it."""
    known = [t for t in texts if isinstance(t, str) and t not in NO_DATE]
    if not known:
        return "%Y-%m-%d"
    for form, pattern in LAYOUTS.items():
        if pattern.fullmatch(known[0]):
            if not all(map(pattern.fullmatch, known)):
                raise ValueError(f"dates that are not all like {known[0]!r}")
            return form
    raise TypeError(f"dates like {known[0]!r}")


def date_part(values: np.ndarray, part: str) -> np.ndarray:
    """Return a part of each date, int32 unless one is missing, then float64, (n,)."""
    if values.dtype.kind != "M":
        raise AttributeError(f"a part of {values.dtype}")
    return _maybe_missing(_part(values, part), values, np.int32)


def date_name(values: np.ndarray, what: str) -> np.ndarray:
    """Return the English name of the day or of the month of each date, missing without a date, (n,)."""
    if values.dtype.kind != "M":
        raise AttributeError(f"a name of {values.dtype}")
    names, part = (DAYS, "dayofweek") if what == "day_name" else (MONTHS, "month")
    found = _part(values, part).tolist()
    missing = np.isnat(values).tolist()
    return as_objects([np.nan if m else names[p] for p, m in zip(found, missing, strict=True)])


DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = (
    " January February March April May June July August September October November December".split(
        " "
    )
)


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


def _date(text: Any, form: str) -> Any:
    if not isinstance(text, str):
        if text is None or text != text:
            return np.datetime64("NaT")
        raise TypeError("dates of numbers")
    if text in NO_DATE:
        return np.datetime64("NaT")
    if text in ("now", "today"):
        raise TypeError("the time of the request")
    moment = datetime.strptime(text, form)  # noqa: DTZ007  dates of a table have no zone
    if not 1678 <= moment.year <= 2261:
        raise ValueError(f"out of bounds: {text!r}")
    return np.datetime64(moment, "ns")
