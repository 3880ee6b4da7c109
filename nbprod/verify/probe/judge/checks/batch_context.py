"""V5: what else is in a request does not change a row's features."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ... import comparison
from ...tables import Array
from ..case import FAILED, PROVEN, SKIPPED, Case, Outcome
from ..wording import difference, error, finding

ID, NAME = "V5", "batch context"
INTACT = 20
MOST_ROWS = 2000


def check(case: Case) -> Outcome:
    """Score rows in different company: fewer, shuffled, twice, and among garbage."""
    known = case.known
    if len(known) < 2:
        return Outcome(SKIPPED, "fewer than two rows of X could be traced to raw rows")
    done = []
    for name, places, frame in _contexts(case, known):
        try:
            found = case.features(frame).take(np.arange(len(places)))
        except Exception as problem:  # noqa: BLE001  the package under judgement may raise anything
            message = f"{name}: {error(problem)}"
            where = case.place_of(problem)
            return Outcome(FAILED, message, (finding("E-INTERFERENCE", message, **where),))
        expected = case.everything.take(case.positions[places])
        differs = comparison.differences(expected, found)
        if differs.any():
            rows = [f"row {case.raw.index[case.positions[place]]}" for place in places]
            text = difference(expected, found, differs, rows)
            return Outcome(
                FAILED, f"{name}: {text}", (finding("E-INTERFERENCE", f"{name}: {text}"),)
            )
        done.append(name)
    return Outcome(PROVEN, ", ".join(done))


def _contexts(case: Case, known: Array) -> Iterator[tuple[str, np.ndarray, pd.DataFrame]]:
    rng = np.random.default_rng(1)
    known = known[:MOST_ROWS]
    shuffled = rng.permutation(known)
    for name, places in (
        ("first half", known[: len(known) // 2]),
        ("second half", known[len(known) // 2 :]),
        ("17 rows", shuffled[:17]),
        ("2 rows", shuffled[-2:]),
        ("shuffled", shuffled),
        ("every row twice", np.repeat(shuffled[:100], 2)),
    ):
        yield name, places, case.raw.iloc[case.positions[places]]
    intact = shuffled[:INTACT]
    yield "among other values", intact, among_garbage(case, intact, rng)


def among_garbage(case: Case, places: Array, rng: np.random.Generator) -> pd.DataFrame:
    """Return the rows at ``places``, followed by as many of shuffled and extreme values."""
    rows = case.raw.iloc[case.positions[places]]
    others = case.raw.iloc[rng.integers(0, len(case.raw), len(places))].copy()
    for name in others.columns:
        column = case.raw[name]
        if not isinstance(column, pd.Series):
            continue
        picks = rng.integers(0, len(column), len(others))
        values = column.iloc[picks].copy()
        if pd.api.types.is_numeric_dtype(column.dtype) and column.notna().any():
            values.iloc[:5] = column.max()
            values.iloc[5:10] = column.min()
        others[name] = values.to_numpy() if isinstance(column.dtype, np.dtype) else values.array
    return pd.concat([rows, others.astype(rows.dtypes.to_dict())], ignore_index=True)
