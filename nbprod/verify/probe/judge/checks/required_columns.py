"""V12: which raw columns matter, found by exchanging their values; the label must not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ... import comparison, tables
from .. import lockstep
from ..case import FAILED, PARTIAL, PROVEN, Case, Outcome
from ..wording import finding

ID, NAME = "V12", "required columns"
ROWS = 200
ROUNDS = 2
LEAK = "remove what is computed from a row's own label, or compute it while fitting and keep it in the state"


def check(case: Case) -> Outcome:
    """Exchange the values of each column among rows and see whether features change."""
    places = case.known[:: max(1, len(case.known) // ROWS)][:ROWS]
    positions = case.positions[places] if len(places) else np.arange(min(ROWS, len(case.raw)))
    rows = case.typed.iloc[positions]
    before = case.served(rows)
    target = str(case.plan.get("target") or "")
    matter = [
        name
        for name in case.raw.columns
        if name in rows.columns and _matters(case, rows, name, before)
    ]
    used = [str(name) for name in matter]
    optional = [str(c.name) for c in case.schema.columns if not c.required]
    figure = f"{len(used)} of {case.raw.shape[1]} raw columns matter"
    twin = next((str(name) for name in matter if _is_label(case, name)), "")
    if target in used or twin:
        target = target if target in used else twin
        message = f"the features of a row depend on its own label {target!r}"
        where = lockstep.locate_column(case, target)
        where["advice"] = LEAK
        told = f"{message}; {where.pop('text')}" if "text" in where else message
        return Outcome(FAILED, message, (finding("E-TARGET-LEAK", told, **where),))
    wrong = [name for name in used if name in optional]
    if wrong:
        message = f"{wrong[0]!r} matters, but the schema says that a request may leave it out"
        return Outcome(FAILED, message, (finding("E-SCHEMA", message),))
    required = [str(c.name) for c in case.schema.columns if c.required]
    needless = [name for name in required if name not in used]
    if needless:
        message = f"a request must carry {needless[0]!r}, on which no feature of these rows depends; it may be the label"
        note = {"kind": "required column", "text": message}
        return Outcome(
            PARTIAL, f"{figure}; {message}", assumptions=(note,), details={"required": used}
        )
    return Outcome(PROVEN, figure, details={"required": used})


def _is_label(case: Case, name: object) -> bool:
    """Whether a raw column holds the very values that the notebook's model was fitted to."""
    if case.notebook.y is None or not len(case.known):
        return False
    column = tables.table(case.raw[name].iloc[case.positions[case.known]])
    label = case.notebook.y.take(case.known)
    if column is None or (column.rows, column.width) != (label.rows, label.width):
        return False
    several = len({str(column.cell(row, 0)) for row in range(min(column.rows, ROWS))}) > 1
    return several and not comparison.differences(column, label).any()


def _matters(case: Case, rows: pd.DataFrame, name: object, before: tables.Table) -> bool:
    if not isinstance(rows[name], pd.Series) or len(rows) < 2:
        return False
    values = _distinct(case.typed[name])
    for seed in range(ROUNDS):
        # every value as likely as any other, so that a rare one is met
        picks = np.random.default_rng(seed).integers(0, len(values), len(rows))
        exchanged = rows.copy()
        exchanged[name] = values.iloc[picks].set_axis(rows.index)
        try:
            found = case.served(exchanged)
        except Exception:  # noqa: BLE001  a refused value is looked at
            return True
        if comparison.differences(before, found).any():
            return True
    return False


def _distinct(column: pd.Series) -> pd.Series:
    try:
        return column.drop_duplicates()
    except TypeError:  # lists and other values without a hash
        return column
