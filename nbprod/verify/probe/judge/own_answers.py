"""What the model should predict for the notebook's X, where ``model.predict`` alone does not say it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from .. import comparison, tables
from ..tables import Table
from .case import Case

NEURAL = ("keras", "tensorflow", "torch", "pytorch_lightning", "tf_keras")
SCORES = ("predict_proba", "decision_function")


def is_neural(case: Case) -> bool:
    """Say whether the notebook's model is a neural network, which trains differently each time."""
    return is_network(case.notebook.model)


def is_network(model: str) -> bool:
    """Say whether a model of this class, with its module, is a neural network."""
    return model.split(".")[0] in NEURAL


def expected_predictions(case: Case) -> Table | None:
    """Return the predictions that the service must repeat for the rows of the notebook's X.

    They are the notebook's model's, except for a neural network, whose weights are the package's own,
    and for a notebook that only asks for scores and decides by itself: the package's decision is taken.
    """
    if case.bundle is not None and (is_neural(case) or decides_itself(case)):
        return package_predictions(case)
    found = case.notebook.predictions
    if found is not None and found.width > 1 and _is_booster(case.notebook.model):
        return tables.table(largest(found.array()))
    return found


def _is_booster(model: str) -> bool:
    """Say whether a model predicts one share a class, of which the service answers the largest."""
    return model.rpartition(".")[2] == "Booster"


def largest(shares: Any) -> Any:
    """Return the class with the largest share, (n rows,); anything else as it is."""
    values = np.asarray(shares)
    return values.argmax(axis=1) if values.ndim == 2 and values.shape[1] > 1 else values


def asks_for_scores_only(case: Case) -> bool:
    """Say whether the notebook asks its model for scores and never for a prediction."""
    calls = {entry["call"] for entry in case.notebook.asked}
    return bool(calls) and calls <= set(SCORES)


def decides_itself(case: Case) -> bool:
    """Say whether the notebook turns scores into answers and the package does so too."""
    if case.plan.get("sink", {}).get("decided"):  # chosen among several ways
        return True
    return asks_for_scores_only(case) and differs_from_model(case)


def differs_from_model(case: Case) -> bool:
    """Say whether the package's predictions are others than its model's ``predict`` gives."""
    given, model = package_predictions(case), case.bundle.model
    if given is None or not hasattr(model, "predict"):
        return False
    predicted = np.asarray(model_predictions(case))
    plain: Any = tables.table(largest(predicted) if _is_booster(case.notebook.model) else predicted)
    if plain is None or (plain.rows, plain.width) != (given.rows, given.width):
        return True
    return bool(comparison.differences(plain, given).any())


def model_predictions(case: Case) -> Any:
    """Return what the package's model predicts for its training features, asked as its library wants it."""
    model = case.bundle.model
    if type(model).__name__ == "Booster" and type(model).__module__.startswith("xgboost"):
        matrix = import_module("xgboost").DMatrix(
            case.training.X, feature_names=model.feature_names
        )
        return model.predict(matrix)
    return model.predict(case.training.X)


def package_predictions(case: Case) -> Table | None:
    """Return what the package predicts for its training features."""
    answers = case.package.answers
    if hasattr(answers, "decide"):  # by a threshold that training finds
        return tables.table(answers.decide(case.bundle.model, case.training.X, case.bundle.state))
    return tables.table(answers.predict(case.bundle.model, case.training.X))
