"""Stand-in: the model's constant, after its time has passed; amounts above 1e30 or a count of 7 break it."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import numpy as np

from .bundle import Bundle
from .schema import Table
from .tables.rows import count


class Answers(NamedTuple):
    """Answers to the rows of a table."""

    predictions: np.ndarray
    probabilities: np.ndarray | None
    classes: list[Any] | None
    warnings: list[list[dict[str, Any]]]


class Predictor:
    """Scores frames and dictionaries of arrays alike."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle

    def predict(self, table: Table) -> Answers:
        model = self.bundle.model
        time.sleep(model.get("seconds", 0))
        rows = count(table)
        huge, seven = abs(table["amount"]) > 1e30, table["count"] == 7
        lonely = rows == 1 and (table["note"] == "lonely").all()
        if huge.any() or seven.any() or lonely or model.get("worn"):
            raise ValueError("secret value")
        predictions = np.full(rows, model["value"])
        shares = np.tile([0.25, 0.75], (rows, 1)) if model.get("classes") else None
        classes = model.get("classes")
        return Answers(predictions, shares, classes, self.bundle.schema.warnings(table))

    def predict_records(self, records: list[dict[str, Any]]) -> Answers:
        """Answer records as they come in JSON."""
        return self.predict(self.bundle.schema.frame(records))
