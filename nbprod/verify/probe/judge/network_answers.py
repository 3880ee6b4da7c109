"""Whether the package answers rows as the notebook does that decides on the outputs of its own network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from .. import storage, tables
from .case import Case
from .wording import finding

CLOSE = (1e-4, 1e-5)  # relative, absolute: networks compute with 32 bits
ADVICE = "ask the network in evaluation mode, `model.eval()`, for rows as it was trained on"
UNSEEN = "the notebook's own answers were not seen; what the package makes of the network's outputs is taken"


class _Says:
    """A network that says what the notebook's network was recorded to say."""

    def __init__(self, outputs: Any) -> None:
        self.outputs = outputs

    def predict(self, X: Any) -> Any:
        return self.outputs


def differing(case: Case, same_weights: bool) -> dict[str, Any] | None:
    """Return a finding when the package gives other answers to the rows that the notebook asks for.

    With other weights only what is made of the outputs of the notebook's network is compared.
    """
    for entry, rows, expected in _asked(case):
        given = []
        if same_weights:
            given.append(case.package.answers.predict(case.bundle.model, rows))
        if entry.get("outputs"):
            outputs = storage.load(entry["outputs"], case.notebook.records)
            shape = np.shape(case.bundle.model.predict(rows))
            said = np.reshape(outputs.array(), shape).astype(np.float32)
            given.append(case.package.answers.predict(_Says(said), rows))
        for answers in given:
            actual = tables.table(np.asarray(answers))
            if actual is None or (actual.rows, actual.width) != (expected.rows, expected.width):
                continue  # the notebook keeps the answers in another shape, such as one column a class
            near = np.isclose(expected.numbers, actual.numbers, *CLOSE, equal_nan=True)
            if not near.all():
                wrong = int((~near).any(axis=1).sum())
                message = f"{wrong} of {expected.rows} answers differ from those that the notebook computes here"
                place = {"cell": entry["cell"], "line": entry["line"]}
                return finding("E-MODEL-DIFFERS", message, ADVICE, **place)
    return None


def assumptions(case: Case) -> tuple[dict[str, Any], ...]:
    """Return what is taken for granted where the notebook's answers of a trained loop cannot be compared."""
    trained = (case.plan.get("sink") or {}).get("network")
    seen = any(entry["call"] == "answers" for entry in case.notebook.asked)
    return ({"kind": "decision", "text": UNSEEN},) if trained and not seen else ()


def _asked(case: Case) -> Iterator[tuple[dict[str, Any], Any, tables.Table]]:
    for entry in case.notebook.asked:
        if entry["call"] == "answers":
            rows = storage.load(entry["X"], case.notebook.records)
            expected = storage.load(entry["answers"], case.notebook.records)
            yield entry, _features(rows, case.training.X), expected


def _features(rows: tables.Table, like: Any) -> Any:
    """Return recorded rows in the type that the network was trained on."""
    if isinstance(like, pd.DataFrame):
        columns = {
            name: [rows.cell(i, place) for i in range(rows.rows)]
            for place, name in enumerate(like.columns)
        }
        return pd.DataFrame(columns).astype(like.dtypes.to_dict())
    values = rows.array()
    shape = np.shape(like)[1:]
    return np.reshape(values, (rows.rows, *shape)).astype(np.asarray(like).dtype)


__all__ = ["assumptions", "differing"]
