"""V3: all raw rows at once give the notebook's X. A smoke test: it sees few mistakes."""

from __future__ import annotations

import numpy as np

from .. import lineage
from ..case import FAILED, PARTIAL, PROVEN, SKIPPED, Case, Outcome
from ..wording import difference, finding

ID, NAME = "V3", "batch"


def check(case: Case) -> Outcome:
    """Compare the kept rows of ``transform`` of all raw rows."""
    known = case.known
    total = case.notebook.X.rows
    if not len(known):
        message = "no row of the notebook's X can be traced back to a raw row"
        return Outcome(FAILED, message, (finding("E-PARITY", message),))
    found = case.everything.take(case.positions[known])
    differs = case.compare(known, found)
    if differs.any():
        by_value = lineage.by_value(case.notebook.X, case.everything)
        if (by_value >= 0).all():
            message = "the package names other raw rows (training.rows) than those behind X"
            return Outcome(FAILED, message, (finding("E-LINEAGE", message),))
        rows = [f"row {case.raw.index[case.positions[i]]}" for i in known]
        text = difference(case.notebook.X.take(known), found, differs, rows)
        return Outcome(FAILED, text, (finding("E-PARITY", f"all rows at once: {text}"),))
    figure = f"{len(known)} of {total} rows equal, traced by {case.lineage}"
    if len(known) < total:
        message = f"{total - len(known)} of {total} rows of X stem from no single raw row"
        if total - len(known) <= case.rows_added:
            # The resampler made them up: they exist in training only, where V1 compares them.
            note = {"kind": "resampled", "text": f"{message}: the notebook resamples"}
            return Outcome(PARTIAL, figure, assumptions=(note,))
        left = np.setdiff1d(np.arange(total), known)
        if not lineage.strangers(case.notebook.X.take(left), case.everything).any():
            text = f"{len(left)} of {total} rows of X are drawn again: each equals a raw row that is compared"
            return Outcome(
                PARTIAL, f"{figure}; {text}", assumptions=({"kind": "resampled", "text": text},)
            )
        return Outcome(SKIPPED, figure, (finding("W-UNTRACED-ROWS", message),))
    return Outcome(PROVEN, figure)
