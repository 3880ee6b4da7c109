"""V8: features depend on the row alone: not on luck, the clock or the working directory."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from ... import randomness
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
    for name, code, change in (
        ("seed 1", "E-RANDOM", _seed(1)),
        ("seed 2", "E-RANDOM", _seed(2)),
        ("another date", "W-CLOCK", shifted(case.package.name)),
        ("another folder", "E-CWD", _folder("/")),
    ):
        try:
            with change:
                found = case.features(rows)
        except Exception as problem:  # noqa: BLE001  the package under judgement may raise anything
            message = f"{name}: {error(problem)}"
            return Outcome(FAILED, message, (finding(code, message, ADVICE[code]),))
        differs = case.compare(places, found)
        if differs.any():
            labels = [f"row {label}" for label in rows.index]
            text = difference(case.notebook.X.take(places), found, differs, labels)
            message = f"with {name}, {text}"
            return Outcome(FAILED, message, (finding(code, message, ADVICE[code]),))
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
