"""Move the clock for code under test."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd

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


_DATETIME, _DATE, _TIME = dt.datetime, dt.date, time.time


def _later_time() -> float:
    return _TIME() + SHIFT.total_seconds()


@contextmanager
def shifted(package: str) -> Iterator[None]:
    """Show another time to every module of ``package``, and to pandas.

    ``datetime.now``, ``date.today``, ``time.time`` and ``Timestamp.now`` move, under whatever name the
    modules have imported them.
    """
    undo: list[tuple[Any, str, Any]] = []

    def put(owner: Any, name: str, value: Any) -> None:
        undo.append((owner, name, getattr(owner, name)))
        setattr(owner, name, value)

    later = {id(_DATETIME): _Later, id(_DATE): _LaterDate, id(_TIME): _later_time}
    put(dt, "datetime", _Later)
    put(dt, "date", _LaterDate)
    put(time, "time", _later_time)
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
