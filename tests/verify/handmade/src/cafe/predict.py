from typing import Any, NamedTuple

from . import answers
from .features import transform


class Answers(NamedTuple):
    predictions: Any
    probabilities: Any
    classes: Any
    warnings: Any


class Predictor:
    def __init__(self, bundle):
        self.bundle = bundle

    def predict(self, frame):
        X = transform(frame, self.bundle.state)
        model = self.bundle.model
        return Answers(
            answers.answer(answers.predict(model, X), self.bundle.state),
            answers.probabilities(model, X),
            answers.class_names(model, self.bundle.state),
            self.bundle.schema.warnings(frame),
        )

    def predict_records(self, records):
        return self.predict(self.bundle.schema.frame(records))
