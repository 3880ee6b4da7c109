"""Rows that show whether a learned value is right: their features change when it is changed."""

from __future__ import annotations

import copy
import time
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .. import comparison, tables
from ..tables import Array, Table
from .case import Case
from .own_answers import expected_predictions
from .perturb import variants
from .sampling import chosen

MOST_ROWS = 2000
SLOW = 0.2  # seconds for all of them at once, beyond which those that cover the data must do


class Rows(NamedTuple):
    """Some rows of the notebook's X: their places there, their raw rows, and these in serving types."""

    places: Array
    raw: pd.DataFrame
    typed: pd.DataFrame


class Witnesses(NamedTuple):
    """Whether a change of a learned value is noticed, and in which rows of the notebook's X."""

    noticed: bool
    places: Array


NONE = np.array([], dtype=int)


def rows_of(case: Case, most: int = MOST_ROWS) -> Rows:
    """Return the rows to look at: those that cover the data, then others up to ``most``."""
    known = case.known
    first = known[chosen(case.raw, case.positions[known])]
    others = np.random.default_rng(2).permutation(np.setdiff1d(known, first))
    places = np.concatenate([first, others[: max(0, most - len(first))]])
    positions = case.positions[places]
    return Rows(places, case.raw.iloc[positions], case.typed.iloc[positions])


def telling(case: Case, each: int) -> Array:
    """Return the rows of the notebook's X that tell most, without repetition.

    ``each`` rows that need a learned value, for every one, come before those that cover the columns.
    """
    known = case.known
    cover = known[chosen(case.raw, case.positions[known])]
    try:
        needed = [found.places[:each] for found in case.witnesses.values()]
    except Exception:  # noqa: BLE001  rows that fail together are looked at alone
        needed = []
    return np.array(list(dict.fromkeys(np.concatenate([*needed, cover]).tolist())), dtype=int)


def find(case: Case) -> dict[str, Witnesses]:
    """Return, for every field of the state, who notices that it is changed."""
    rows, start = rows_of(case), time.process_time()
    before = case.served(rows.typed)
    if time.process_time() - start > SLOW:
        rows = rows_of(case, 0)
        before = case.served(rows.typed)
    return {name: _witnesses(case, name, rows, before) for name in sorted(vars(case.state))}


def _witnesses(case: Case, name: str, rows: Rows, before: Table) -> Witnesses:
    noticed = False
    differs: Array = np.zeros(len(rows.places), dtype=bool)
    for value in variants(getattr(case.state, name)):
        state = copy.copy(case.state)
        setattr(state, name, value)
        try:
            found = case.served(rows.typed, state)
            if found.names != before.names:
                noticed = True
            else:
                differs |= comparison.differences(before, found).any(axis=1)
            noticed |= bool(differs.any()) or answers(case, state, rows) != answers(
                case, case.state, rows
            )
        except Exception:  # noqa: BLE001  a failure is noticed
            noticed = True
        if differs.any():
            break
    return Witnesses(noticed, rows.places[differs] if differs.any() else NONE)


def answers(case: Case, state: Any, rows: Rows) -> list[Any]:
    """Return labels and some predictions in the notebook's terms."""
    module, predictions = case.package.answers, expected_predictions(case)
    values = [module.target(rows.raw, state)]
    if predictions is not None:
        values.append(
            module.answer(predictions.take(range(min(200, predictions.rows))).array(), state)
        )
    found = [tables.table(value) for value in values]
    told: list[Any] = case.answers_to_others(state)
    return told + [
        None if one is None else [one.cell(i, 0) for i in range(one.rows)] for one in found
    ]
