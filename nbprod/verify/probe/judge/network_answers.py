"""Whether the package answers rows as the notebook does that decides on the outputs of its own network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .. import storage, tables
from .case import Case
from .wording import finding

CLOSE = (1e-4, 1e-5)  # relative, absolute: networks compute with 32 bits
ADVICE = "ask the network in evaluation mode, `model.eval()`, for rows as it was trained on"


def differing(case: Case) -> dict[str, Any] | None:
    """Return a finding when the package gives other answers to the rows that the notebook asks for."""
    for entry in case.notebook.asked:
        if entry["call"] != "answers":
            continue
        rows = storage.load(entry["X"], case.notebook.records)
        expected = storage.load(entry["answers"], case.notebook.records)
        given = case.package.answers.predict(case.bundle.model, _features(rows, case.training.X))
        actual = tables.table(np.asarray(given))
        if actual is None or (actual.rows, actual.width) != (expected.rows, expected.width):
            continue  # the notebook keeps the answers in another shape, such as one column a class
        near = np.isclose(expected.numbers, actual.numbers, *CLOSE, equal_nan=True)
        if not near.all():
            wrong = int((~near).any(axis=1).sum())
            message = f"{wrong} of {expected.rows} answers differ from those that the notebook computes here"
            return finding(
                "E-MODEL-DIFFERS", message, ADVICE, cell=entry["cell"], line=entry["line"]
            )
    return None


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


__all__ = ["differing"]
