"""V10: rows that the notebook itself predicts get the features that the notebook gave them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ... import comparison, storage
from ...tables import Array, Table
from .. import lineage
from ..case import FAILED, NOT_APPLICABLE, PARTIAL, PROVEN, SKIPPED, Case, Outcome
from ..preparation import answerable
from ..wording import finding

ID, NAME = "V10", "notebook's test rows"
ADVICE = "the notebook prepares these rows another way, for example it fits a scaler again on them"


def check(case: Case) -> Outcome:
    """Compare what the fitted model was asked after the fit with ``transform`` of the raw rows."""
    if not case.batch_equal:
        return Outcome(SKIPPED, "the training rows differ already (V3)")
    asked = [_Asked(entry, case) for entry in case.notebook.asked]
    asked = [one for one in asked if one.comparable]
    if not asked and case.notebook_failed:
        return Outcome(SKIPPED, "the notebook fails before it asks its model for anything")
    if not asked:
        return Outcome(
            NOT_APPLICABLE, "the notebook asks its model for no rows from its data files"
        )
    equal = [one for one in asked if one.equal]
    rows = sum(one.X.rows for one in equal)
    figure = f"{len(equal)} of {len(asked)} calls, {rows} rows equal"
    other = [one for one in asked if not one.equal]
    twice = _twice(case)
    if not other and case.notebook_failed:
        message = (
            "the notebook fails after these calls; what it would have asked later is not known"
        )
        note = {"kind": "test path", "text": message}
        return Outcome(PARTIAL, figure, twice, assumptions=(note,))
    if not other:
        return Outcome(PROVEN, figure, twice)
    worst = other[0]
    message = (
        f"{worst.differing} of {worst.X.rows} rows that the notebook predicts here have other features "
        f"than the same raw rows get from the training path ({worst.source})"
    )
    found = finding("W-TESTPATH-DIFFERS", message, ADVICE, cell=worst.cell, line=worst.line)
    if any(one.same_source for one in other):
        return Outcome(FAILED, f"{figure}; {message}", (found,))
    return Outcome(PARTIAL, figure, (found,), assumptions=({"kind": "test path", "text": message},))


def _twice(case: Case) -> tuple[Any, ...]:
    """Tell how many rows that the split keeps back equal a training row in every column."""
    if case.training.holdout is None:
        return ()
    kept, trained = _held_back(case), case.positions[case.known]
    rows = pd.util.hash_pandas_object(case.raw.astype(str), index=False).to_numpy()
    same = int(np.isin(rows[kept], rows[trained]).sum())
    if not same:
        return ()
    message = (
        f"{same} of {len(kept)} rows kept back by the split equal a training row in every column"
    )
    return (finding("W-LEAK-DUPLICATES", message, "drop duplicates before the split"),)


class _Asked:
    """One call of the fitted model, and the raw rows behind it."""

    def __init__(self, entry: dict[str, Any], case: Case) -> None:
        self.X = storage.load(entry["X"], case.notebook.records)
        self.cell, self.line = entry["cell"], entry["line"]
        self.comparable = False
        self.equal = False
        self.same_source = False
        self.differing = self.X.rows
        self.source = ""
        if self.X.width == case.notebook.X.width and self.X.rows:
            self._search(case)

    def _search(self, case: Case) -> None:
        """Take the source that explains most rows; a few rows typed in by hand are none of them.

        One with as many rows, or with these labels, is likelier than one with some equal rows.
        """
        if self._is_trained(case):
            return
        best = (2, True, 0)
        for name, raw, everything, places in _sources(case):
            labelled = name == "primary" and not _numbered_anew(case)
            by_label = _by_label(self.X, raw, everything) if labelled else None
            if by_label is not None:
                differing = by_label
            elif self.X.rows == len(raw):
                differs = comparison.differences(self.X.take(places), everything).any(axis=1)
                differing = int(differs.sum()) + len(raw) - len(places)
            else:
                differing = int(_untraced(case, self.X, everything).sum())
            likely = by_label is not None or self.X.rows == len(raw)
            rank = (min(differing, 1), not likely, differing)
            if (likely or differing < self.X.rows) and rank < best:
                best = rank
                self.comparable = True
                self.differing = differing
                self.equal = differing == 0
                self.source = name
                self.same_source = name == "primary"
        if not self.comparable:
            self._compare_with_held_back(case)

    def _is_trained(self, case: Case) -> bool:
        """Compare the rows of the fit themselves, of which some may be drawn more than once.

        Where some of them are made up, no raw row is behind those, and what is known of the others is said by V3.
        """
        X = case.notebook.X
        if self.X.rows != X.rows or comparison.differences(self.X, X).any():
            return False
        if lineage.strangers(self.X, case.everything).any():
            return len(case.known) < X.rows
        self.comparable = self.equal = self.same_source = True
        self.differing, self.source = 0, "primary"
        return True

    def _compare_with_held_back(self, case: Case) -> None:
        """Compare with the rows that the notebook's split keeps back, if there are as many.

        Rows that were scaled anew all have other features: no value tells where they come from.
        """
        places = _held_back(case)
        if len(places) != self.X.rows:
            return
        missing = _untraced(case, self.X, case.everything.take(places))
        self.comparable, self.source = True, "rows kept back by the split"
        self.differing, self.equal = int(missing.sum()), not missing.any()


def _untraced(case: Case, X: Table, everything: Table) -> Array:
    """Say of every row of X, (n,), whether no row of ``everything`` is behind it.

    One raw row is behind one row of X, unless the notebook draws its training rows more than once.
    """
    if len(case.known) < case.notebook.X.rows:
        left = np.setdiff1d(np.arange(case.notebook.X.rows), case.known)
        if not lineage.strangers(case.notebook.X.take(left), case.everything).any():
            return lineage.strangers(X, everything)
    return lineage.by_value(X, everything) < 0


def _held_back(case: Case) -> Array:
    """Return the places in ``raw`` of the rows that were kept back, else of those not in X."""
    labels = case.training.holdout
    if labels is not None and case.raw.index.is_unique:
        places = case.raw.index.get_indexer(pd.Index(labels))
        return np.asarray(places[places >= 0])
    return np.setdiff1d(np.arange(len(case.raw)), case.positions[case.known])


def _numbered_anew(case: Case) -> bool:
    """Say whether the notebook's own X has labels under which other raw rows stand: then no label names a raw row."""
    X = case.notebook.X
    if X.labels is None or not case.raw.index.is_unique:
        return False
    places = case.raw.index.get_indexer(pd.Index(X.labels))
    if (places < 0).any():
        return True
    return bool(comparison.differences(X, case.everything.take(places)).any())


def _by_label(X: Table, raw: pd.DataFrame, everything: Table) -> int | None:
    if X.labels is None or not raw.index.is_unique:
        return None
    # Labels 0..n-1 may come from a reset: they name a raw row only when they are a selection.
    if (X.labels == np.arange(X.rows)).all() and X.rows != len(raw):
        return None
    places = raw.index.get_indexer(pd.Index(X.labels))
    if (places < 0).any():
        return None
    return int(comparison.differences(X, everything.take(places)).any(axis=1).sum())


def _sources(case: Case) -> Iterator[tuple[str, pd.DataFrame, Table, Array]]:
    """Yield name, raw rows, the features of those that a request may carry, and their places."""
    yield "primary", case.raw, case.everything, np.arange(len(case.raw))
    needed = {str(column.name) for column in case.schema.columns if column.required}
    for read in case.reads:
        if not needed <= set(read["columns"]) or read["rows"] == len(case.raw):
            continue
        try:
            raw = getattr(pd, read["call"])(*_absolute(read["args"], case.folder), **read["kwargs"])
            places = np.flatnonzero(answerable(raw, case.schema))
            yield str(read["args"][0]), raw, case.features(raw.iloc[places]), places
        except Exception:  # noqa: BLE001  a file that the package cannot take explains no rows
            continue


def _absolute(arguments: list[Any], folder: str) -> list[Any]:
    first = arguments[0] if arguments else None
    if isinstance(first, str) and "://" not in first:
        return [str(Path(folder) / first), *arguments[1:]]
    return arguments
