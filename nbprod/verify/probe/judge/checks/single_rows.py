"""V4: each raw row alone gives its row of the notebook's X. The check that matters."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from ...tables import Array, Table
from .. import lockstep
from ..case import FAILED, PROVEN, SKIPPED, Case, Outcome
from ..sampling import chosen
from ..wording import difference, error, finding

ID, NAME = "V4", "single rows"
BUDGET = 60.0  # seconds in which all rows must be possible, else coverage and random rows do


def check(case: Case) -> Outcome:
    """Score chosen rows one by one, then all others when that takes less than a minute."""
    known = case.known
    if not len(known):
        return Outcome(SKIPPED, "no row of X could be traced to a raw row")
    first = known[chosen(case.raw, case.positions[known])]
    start = time.perf_counter()
    failures = differing(case, first)
    each = (time.perf_counter() - start) / len(first)
    places = first
    if not failures and each * len(known) < BUDGET:
        others = np.setdiff1d(known, first)
        failures = differing(case, others)
        places = known
    if failures:
        share = f"{len(failures)} of {len(places)} rows differ when scored alone"
        return Outcome(FAILED, share, (_finding(case, failures, len(places)),))
    return Outcome(PROVEN, f"{len(places)} of {len(known)}", details={"ms_per_row": each * 1e3})


def differing(case: Case, places: Array, most: int = 10**9) -> list[tuple[int, Table | str]]:
    """Return the places whose row differs when scored alone, with what came out or the error."""
    failures: list[tuple[int, Table | str]] = []
    serve = case.package.features.transform
    for place in places.tolist():
        row = case.positions[place]
        try:
            found = case.as_table(serve(case.typed.iloc[row : row + 1], case.state))
        except Exception as problem:  # noqa: BLE001  the package under judgement may raise anything
            failures.append((place, error(problem)))
        else:
            if found.rows != 1 or case.compare([place], found).any():
                failures.append((place, found))
        if len(failures) >= most:
            break
    return failures


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
        what = difference(expected, found, case.compare([place], found), [label])
        what = what.partition(" rows differ, ")[2]
    return finding(
        "E-PARITY", f"{share}: {what}", "learn the value while fitting and keep it in the state"
    )
