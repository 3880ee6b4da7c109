"""Stand-in: the model's constant, after its time has passed; amounts above 1e30 or a count of 7 break it."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .bundle import Bundle


class Answers(NamedTuple):
    """Answers to the rows of a frame."""

    predictions: np.ndarray
    probabilities: np.ndarray | None
    classes: list[Any] | None
    warnings: list[list[dict[str, Any]]]


class Predictor:
    """Scores frames."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle

    def predict(self, frame: pd.DataFrame) -> Answers:
        model = self.bundle.model
        time.sleep(model.get("seconds", 0))
        huge, seven = frame["amount"].abs() > 1e30, frame["count"] == 7
        lonely = len(frame) == 1 and (frame["note"] == "lonely").all()
        if huge.any() or seven.any() or lonely or model.get("worn"):
            raise ValueError("secret value")
        predictions = np.full(len(frame), model["value"])
        shares = np.tile([0.25, 0.75], (len(frame), 1)) if model.get("classes") else None
        classes = model.get("classes")
        return Answers(predictions, shares, classes, self.bundle.schema.warnings(frame))

    def predict_records(self, records: list[dict[str, Any]]) -> Answers:
        """Answer records as they come in JSON."""
        return self.predict(self.bundle.schema.frame(records))
