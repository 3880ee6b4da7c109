"""What all uses of a model agree on is the notebook's answer; anything less is left to ``predict``."""

from __future__ import annotations

import pytest

from nbprod.modules.analysis import analyse
from nbprod.notebook.values import Cell, Notebook
from nbprod.split.decision import Decision, decision

HEAD = """
import numpy as np
import pandas as pd
from sklearn.linear_model import {model}

df = pd.read_csv("x.csv")
X, y = df[["a", "b"]], df["y"]
model = {model}()
model.fit(X, y)
"""


def found(text: str, model: str = "LogisticRegression") -> Decision | None:
    cells = [HEAD.format(model=model), text]
    kept = tuple(Cell(i, "code", source, source) for i, source in enumerate(cells, 1))
    analysis = analyse(Notebook("x.ipynb", "x", kept))
    return decision(analysis.flow, analysis.sink)


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("p = model.predict_proba(X)[:, 1]\nd = p > 0.3", "predictions[:, 1] > 0.3"),
        ("d = (model.predict_proba(X)[:, 1] >= 0.3).astype(int)", "predictions[:, 1] >= 0.3"),
        ("d = np.where(model.predict_proba(X)[:, 1] < 0.3, 0, 1)", "predictions[:, 1] >= 0.3"),
        ("d = np.where(model.predict_proba(X)[:, 0] < 0.6, 1, 0)", "predictions[:, 0] < 0.6"),
        ("t = 0.2\nd = [1 if v > t else 0 for v in model.predict_proba(X)[:, 1]]", "predictions[:, 1] > 0.2"),
        ("p = model.predict_proba(X)\nprint(p)\nd = p[:, 1] * 1\nd = p[:, 1] > 0.4", "predictions[:, 1] > 0.4"),
    ],
)  # fmt: skip
def test_a_threshold_on_a_probability_decides(text: str, expression: str) -> None:
    answer = found(text)
    assert answer is not None
    assert (answer.kind, answer.expression) == ("scores", expression)


@pytest.mark.parametrize(
    ("text", "kind", "expression"),
    [
        ("d = np.round(model.predict(X))", "quantity", "np.round(predictions)"),
        ("p = model.predict(X)\nd = np.clip(p, 0, 10)", "quantity", "np.clip(predictions, 0, 10)"),
        ("d = np.maximum(np.expm1(model.predict(X)), 0)", "quantity", "np.maximum(predictions, 0)"),
        ("d = model.predict(X).round().astype(int)", "quantity", "predictions.round().astype(int)"),
        ("d = (model.predict(X) > 0.5).astype('int32')", "class", "predictions > 0.5"),
    ],
)
def test_a_prediction_is_rounded_limited_or_compared(text: str, kind: str, expression: str) -> None:
    answer = found(text, "LinearRegression")
    assert answer is not None
    assert (answer.kind, answer.expression) == (kind, expression)


@pytest.mark.parametrize(
    "text",
    [
        "p = model.predict(X)",
        "p = model.predict_proba(X)[:, 1]\nprint(p.mean())",
        "d = model.predict_proba(X)[:, 1] > 0.3\np = model.predict(X)",
        "d = model.predict_proba(X)[:, 1] > 0.3\ne = model.predict_proba(X)[:, 1] > 0.4",
        "d = model.predict_proba(X)[:, 1] < 0.3",
        "for t in [0.1, 0.2]:\n    d = model.predict_proba(X)[:, 1] > t",
        "for i in range(2):\n    d = model.predict_proba(X)[:, 1] > 0.5",
        "p = model.predict(X)\nprint((p - y).abs().mean())\nd = np.round(p)",
        "print(np.round(model.predict(X), 2))",
        "d = np.where(model.predict_proba(X)[:, 1] > 0.3, 'good', 'bad')",
        "d = model.predict_proba(X)[:, 1] > np.median(model.predict_proba(X)[:, 1])",
        "def ask(rows):\n    return model.predict(rows)\nd = model.predict_proba(X)[:, 1] > 0.3",
    ],
)
def test_uses_that_differ_leave_the_prediction(text: str) -> None:
    assert found(text) is None


def test_a_network_is_served_not_its_history() -> None:
    text = """
import pandas as pd
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential

df = pd.read_csv("x.csv")
model = Sequential([Dense(1, activation="sigmoid")])
history = model.fit(df[["a", "b"]], df["y"])
d = (model.predict(df[["a", "b"]]) > 0.5).astype(int)
"""
    analysis = analyse(Notebook("x.ipynb", "x", (Cell(1, "code", text, text),)))
    assert analysis.sink.model == "model"
    answer = decision(analysis.flow, analysis.sink)
    assert answer is not None
    assert answer.kind == "class"
