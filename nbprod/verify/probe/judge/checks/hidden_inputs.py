"""V8: features depend on the row alone: not on luck, the clock or the working directory."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import numpy as np

from ... import comparison, randomness
from .. import lockstep
from ..case import FAILED, PROVEN, SKIPPED, Case, Outcome
from ..clock import shifted
from ..wording import difference, error, finding

ID, NAME = "V8", "hidden inputs"
ROWS = 60
ADVICE = {
    "E-RANDOM": "replace the random value by one that is learned or computed from the row",
    "W-CLOCK": "take the date from a column of the request, or fix it while fitting",
    "E-CWD": "read files while fitting and keep what they hold in the state",
}


def check(case: Case) -> Outcome:
    """Repeat the features of some rows with other seeds, at another time, in another folder."""
    places = case.known[:: max(1, len(case.known) // ROWS)][:ROWS]
    if not len(places):
        return Outcome(SKIPPED, "no row of X could be traced to a raw row")
    rows = case.raw.iloc[case.positions[places]]
    with _seed(0):
        expected = case.features(rows)
    changes: list[tuple[str, str, Callable[[], AbstractContextManager[None]]]] = [
        ("seed 1", "E-RANDOM", lambda: _seed(1)),
        ("seed 2", "E-RANDOM", lambda: _seed(2)),
        ("another date", "W-CLOCK", lambda: shifted(case.package.name)),
        ("another folder", "E-CWD", lambda: _folder("/")),
    ]
    for name, code, change in changes:
        try:
            with change():
                found = case.features(rows)
        except Exception as problem:  # noqa: BLE001  the package under judgement may raise anything
            message = f"{name}: {error(problem)}"
            where = case.place_of(problem)
            return Outcome(FAILED, message, (finding(code, message, ADVICE[code], **where),))
        differs = comparison.differences(expected, found)
        if differs.any():
            labels = [f"row {label}" for label in rows.index]
            text = difference(expected, found, differs, labels)
            other = places[differs.any(axis=1)].tolist()
            where = lockstep.locate_change(case, other, change, f"with {name}")
            message = f"with {name}, {where.pop('text', text)}"
            where["advice"] = ADVICE[code]
            return Outcome(FAILED, f"with {name}, {text}", (finding(code, message, **where),))
    return Outcome(PROVEN, f"{len(places)} rows with two seeds, another date, another folder")


@contextmanager
def _seed(seed: int) -> Iterator[None]:
    before = randomness.PIN["seed"]
    randomness.PIN["seed"] = seed
    random.seed(seed)
    np.random.seed(seed)
    try:
        yield
    finally:
        randomness.PIN["seed"] = before
        random.seed(before)
        np.random.seed(before)


@contextmanager
def _folder(path: str) -> Iterator[None]:
    before = os.getcwd()  # noqa: PTH109
    os.chdir(path)
    try:
        yield
    finally:
        os.chdir(before)
