"""Move the clock for code under test."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd

_FIELDS = (time.localtime, time.gmtime, time.ctime)
_TO_DATETIME = pd.to_datetime
SHIFT = dt.timedelta(days=411, hours=7, minutes=13)


class _Later(dt.datetime):
    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return _DATETIME.now(tz) + SHIFT

    @classmethod
    def utcnow(cls) -> Any:
        return _DATETIME.utcnow() + SHIFT

    @classmethod
    def today(cls) -> Any:
        return _DATETIME.today() + SHIFT


class _LaterDate(dt.date):
    @classmethod
    def today(cls) -> Any:
        return _DATE.today() + SHIFT


_DATETIME, _DATE, _TIME, _STRFTIME = dt.datetime, dt.date, time.time, time.strftime


def _later_time() -> float:
    return _TIME() + SHIFT.total_seconds()


def _later_fields(original: Callable[..., Any]) -> Callable[..., Any]:
    """``localtime`` and the like: of another time where none is given."""
    return lambda seconds=None: original(_later_time() if seconds is None else seconds)


def _later_strftime(form: str, *given: Any) -> str:
    return _STRFTIME(form, *(given or (time.localtime(_later_time()),)))


def _later_dates(value: Any, *args: Any, **options: Any) -> Any:
    """``to_datetime`` gives hours without a date the date of today; the clock it reads cannot be moved."""
    found = _TO_DATETIME(value, *args, **options)
    today = pd.Timestamp(_DATETIME.now()).normalize()  # date.today() asks time.time()
    try:
        if isinstance(found, pd.Timestamp):
            return found + SHIFT if found.normalize() == today else found
        days = (found.dt if isinstance(found, pd.Series) else found).normalize()
        return found.where(days != today, found + SHIFT)
    except (AttributeError, TypeError):  # of a zone, or no dates
        return found


@contextmanager
def shifted(package: str) -> Iterator[None]:
    """Show another time to every module of ``package``, and to pandas.

    ``datetime.now``, ``date.today``, ``time.time``, ``time.localtime``, ``time.strftime`` and ``Timestamp.now``
    move, under whatever name the modules have imported them.
    """
    undo: list[tuple[Any, str, Any]] = []

    def put(owner: Any, name: str, value: Any) -> None:
        undo.append((owner, name, getattr(owner, name)))
        setattr(owner, name, value)

    later: dict[int, Any] = {
        id(_DATETIME): _Later,
        id(_DATE): _LaterDate,
        id(_TIME): _later_time,
        id(_STRFTIME): _later_strftime,
        id(_TO_DATETIME): _later_dates,
        **{id(original): _later_fields(original) for original in _FIELDS},
    }
    put(dt, "datetime", _Later)
    put(dt, "date", _LaterDate)
    for name, value in list(vars(time).items()):
        if id(value) in later:
            put(time, name, later[id(value)])
    put(pd, "to_datetime", _later_dates)
    for name in ("now", "today", "utcnow"):
        original = getattr(pd.Timestamp, name)
        put(pd.Timestamp, name, lambda *a, _original=original, **k: _original(*a, **k) + SHIFT)
    for module in [m for n, m in list(sys.modules.items()) if n.partition(".")[0] == package]:
        for name, value in list(vars(module).items()):
            if id(value) in later:
                put(module, name, later[id(value)])
    try:
        yield
    finally:
        for owner, name, value in reversed(undo):
            setattr(owner, name, value)
