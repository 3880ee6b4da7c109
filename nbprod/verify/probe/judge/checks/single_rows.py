"""V4: each raw row alone gives its row of the notebook's X. The check that matters."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from ...tables import Array, Table
from .. import lockstep, sharing
from ..case import FAILED, PROVEN, SKIPPED, Case, Outcome
from ..origins import made_by
from ..witnesses import telling
from ..wording import difference, error, finding

ID, NAME = "V4", "single rows"
WITNESSES = 3  # rows for every learned value
BUDGET = 60.0  # seconds of computing; rows that were chosen are looked at even beyond it


def check(case: Case) -> Outcome:
    """Score chosen rows one by one, then others in random order until the time is used up."""
    known = case.known
    if not len(known):
        return Outcome(SKIPPED, "no row of X could be traced to a raw row")
    first = telling(case, WITNESSES)
    others = np.random.default_rng(0).permutation(np.setdiff1d(known, first))
    parts = _offered(case, others)
    start = time.process_time()
    looked, failures = differing(case, first)
    spent = time.process_time() - start
    if not failures:
        left = math.inf if case.all_rows else BUDGET - spent
        more, failures = _others(case, others, left, parts)
        looked += more
    if failures:
        share = f"{len(failures)} of {looked} rows differ when scored alone"
        return Outcome(FAILED, share, (_finding(case, failures, looked),))
    return Outcome(
        PROVEN, f"{looked} of {len(known)}", details={"ms_per_row": spent / len(first) * 1e3}
    )


def _shared(case: Case, places: Array) -> Array:
    """Return the rows, from the front, that are not too many values to hand to another process."""
    return places[: sharing.MOST_VALUES // max(1, case.raw.shape[1])]


def _offered(case: Case, places: Array) -> sharing.Parts | None:
    """Offer rows to the process that has reloaded the trained version; None where that does not pay."""
    shared = _shared(case, places)
    if case.stored is None or case.bundle is None or len(shared) < 2 * sharing.PART:
        return None
    rows = case.records(case.positions[shared])
    return sharing.offer(case.scratch, shared.tolist(), rows, case.stored)


def _others(
    case: Case, places: Array, seconds: float, parts: sharing.Parts | None
) -> tuple[int, list[tuple[int, Table | str]]]:
    """Look at rows beside the other process, as ``differing`` does.

    A row that differs there is looked at here, too, so that the statement can be named.
    """
    if parts is None:
        return differing(case, places, seconds)
    shared = _shared(case, places)
    own: set[int] = set()
    failures: list[tuple[int, Table | str]] = []
    looked, end = 0, time.process_time() + seconds
    for number in parts.taken():
        own.add(number)
        more, failures = differing(case, sharing.part(shared, number), end - time.process_time())
        looked += more
        if failures or time.process_time() > end:
            break
    for number, answer in parts.answers(own):
        mine = sharing.part(shared, number)
        if answer is None:
            more, found = differing(case, mine)
        else:
            more, found = len(mine), _confirmed(case, shared[answer])
        looked += more
        failures += found
    if not failures:
        more, failures = differing(case, places[len(shared) :], end - time.process_time())
        looked += more
    return looked, failures


def _confirmed(case: Case, places: Array) -> list[tuple[int, Table | str]]:
    """Return rows that differ in the other process, with what this one computes where it differs, too."""
    _, found = differing(case, places)
    here = dict(found)
    elsewhere = "differs as JSON in a process that has reloaded the state"
    return [(place, here.get(place, elsewhere)) for place in places.tolist()]


def differing(
    case: Case, places: Array, seconds: float = math.inf
) -> tuple[int, list[tuple[int, Table | str]]]:
    """Return how many rows were looked at, and the places of those that differ when scored alone.

    With each place comes what was computed for it, or the error. ``seconds`` of computing are not
    exceeded by more than a row.
    """
    failures: list[tuple[int, Table | str]] = []
    end = time.process_time() + seconds
    looked = 0
    for place in places.tolist():
        if time.process_time() > end:
            break
        looked += 1
        try:
            found = case.alone(int(case.positions[place]))
        except Exception as problem:  # noqa: BLE001  the package under judgement may raise anything
            failures.append((place, error(problem)))
        else:
            if found.rows != 1 or case.compare([place], found).any():
                failures.append((place, found))
    return looked, failures


def _width(case: Case, place: int, found: Table | str) -> int:
    """Return how many features differ; a row that fails tells most."""
    if isinstance(found, str) or found.rows != 1:
        return case.notebook.X.width + 1
    return int(case.compare([place], found).sum())


def _finding(case: Case, failures: list[tuple[int, Table | str]], count: int) -> dict[str, Any]:
    share = f"{len(failures)} of {count} rows differ when scored alone"
    failures = sorted(failures, key=lambda failure: -_width(case, *failure))
    where = lockstep.locate(case, [place for place, _ in failures])
    if where:
        return finding("E-PARITY", f"{share}; {where.pop('text')}", where.pop("advice"), **where)
    label = f"row {case.raw.index[case.positions[failures[0][0]]]}"
    place, found = failures[0]
    if isinstance(found, str):
        what = f"{label}: {found}"
    else:
        expected = case.notebook.X.take([place])
        differs = case.compare([place], found)
        what = difference(expected, found, differs, [label]).partition(" rows differ, ")[2]
        where = made_by(case.plan.get("cells", {}), expected.name(int(differs[0].argmax())))
    advice = "learn the value while fitting and keep it in the state"
    where = where or _raising(case, place)
    return finding("E-PARITY", f"{share}: {what}", advice, **where)


def _raising(case: Case, place: int) -> dict[str, Any]:
    """Return where a row raises when it is scored alone, or nothing."""
    try:
        case.alone(int(case.positions[place]))
    except Exception as problem:  # noqa: BLE001  the package under judgement may raise anything
        return case.place_of(problem)
    return {}
