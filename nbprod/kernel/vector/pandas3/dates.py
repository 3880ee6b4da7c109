"""Dates and their parts."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import numpy as np

from ..dates import NO_DATE, _layout, _maybe_missing

EARLY = re.compile(r"\s*0[0-9]{3}-")


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
        if any(isinstance(t, str) and EARLY.match(t) for t in texts):
            raise TypeError("a year before 1000, in which pandas sees no form")
        form = _layout(texts)
    return np.array([_date(text, form) for text in texts], dtype="datetime64[us]")


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
    return np.datetime64(moment, "us")


def whole_days(values: np.ndarray) -> np.ndarray:
    """Return the whole days of each duration, int64 unless one is missing, then float64, (n,)."""
    if values.dtype.kind != "m":
        raise AttributeError(f"days of {values.dtype}")
    with np.errstate(invalid="ignore"):  # a missing one
        days = values // np.timedelta64(1, "D")
    return _maybe_missing(days, values, np.int64)
