"""What all uses of a model agree on is the notebook's answer; anything less is left to ``predict``."""

from __future__ import annotations

import pytest

from nbprod.modules.analysis import analyse
from nbprod.notebook.values import Cell, Notebook
from nbprod.split.decision import THRESHOLD, Decision, decision

HEAD = """
import numpy as np
import pandas as pd
from sklearn.linear_model import {model}

df = pd.read_csv("x.csv")
X, y = df[["a", "b"]], df["y"]
model = {model}()
model.fit(X, y)
"""


def text_of(answer: Decision) -> str:
    """Return the expression with the number that its setting has."""
    return answer.expression.replace(THRESHOLD, str(answer.threshold))


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
    assert (answer.kind, text_of(answer)) == ("scores", expression)


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
    assert (answer.kind, text_of(answer)) == (kind, expression)


@pytest.mark.parametrize(
    "text",
    [
        "p = model.predict(X)",
        "p = model.predict_proba(X)[:, 1]\nprint(p.mean())",
        "d = model.predict_proba(X)[:, 1] < 0.3",
        "p = model.predict(X)\nprint((p - y).abs().mean())\nd = np.round(p)",
        "print(np.round(model.predict(X), 2))",
        "d = np.where(model.predict_proba(X)[:, 1] > 0.3, y, 'bad')",
        "def ask(rows):\n    return model.predict(rows)\nd = model.predict_proba(X)[:, 1] > 0.3",
    ],
)
def test_uses_that_differ_leave_the_prediction(text: str) -> None:
    assert found(text) is None


SEVERAL = {
    "a prediction behind a threshold": (
        "d = model.predict_proba(X)[:, 1] > 0.3\np = model.predict(X)",
        None,
        ["p[:, 1] > 0.3 (cell 2:1)"],
    ),
    "a threshold behind a prediction": (
        "p = model.predict(X)\nd = model.predict_proba(X)[:, 1] > 0.3",
        0.3,
        ["predict (cell 2:1)"],
    ),
    "one threshold behind another": (
        "d = model.predict_proba(X)[:, 1] > 0.3\ne = model.predict_proba(X)[:, 1] > 0.4",
        0.4,
        ["p[:, 1] > 0.3 (cell 2:1)"],
    ),
    "the first leaves the notebook": (
        (
            "d = model.predict_proba(X)[:, 1] > 0.3\nout = pd.DataFrame({'d': d})\nout.to_csv('d.csv')\n"
            "e = model.predict_proba(X)[:, 1] > 0.4"
        ),
        0.3,
        ["p[:, 1] > 0.4 (cell 2:4)"],
    ),
    "only tried": (
        "for i in range(2):\n    d = model.predict_proba(X)[:, 1] > 0.5",
        None,
        ["p[:, 1] > 0.5 (cell 2:2, tried in a loop)"],
    ),
    "names of its own": (
        "d = np.where(model.predict_proba(X)[:, 1] > 0.3, 'good', 'bad')",
        0.3,
        ["it calls them 'good' and 'bad', the service answers with the model's classes"],
    ),
    "only searched": (
        "for t in [0.1, 0.2]:\n    d = model.predict_proba(X)[:, 1] > t",
        None,
        ["p[:, 1] > t (cell 2:2, tried in a loop)"],
    ),
    "found by the notebook": (
        "p = model.predict_proba(X)[:, 1]\nf, r, ts = roc_curve(y, p)\nbest = ts[np.argmax(r - f)]\nd = (p >= best).astype(int)",
        None,
        ["p[:, 1] >= best (cell 2:4, found by the notebook)"],
    ),
    "a number of all rows": (
        "p = model.predict_proba(X)[:, 1]\nd = p > np.median(p)",
        None,
        ["p[:, 1] > np.median(p), found anew when the model is fitted"],
    ),
    "tried, then decided": (
        "p = model.predict_proba(X)[:, 1]\nfor t in [0.1, 0.2]:\n    print((p > t).mean())\nd = p > 0.2",
        0.2,
        ["p[:, 1] > t (cell 2:3, tried in a loop)"],
    ),
}


@pytest.mark.parametrize(("text", "threshold", "others"), SEVERAL.values(), ids=SEVERAL)
def test_one_of_several_is_served_and_the_others_are_told(
    text: str, threshold: float | None, others: list[str]
) -> None:
    answer = found(text)
    assert answer is not None
    assert answer.finding.code == "W-DECISION"
    assert answer.threshold == threshold
    for other in others:
        assert other in answer.finding.message


@pytest.mark.parametrize(
    "text",
    [
        "p = model.predict(X)\nprint(mean_squared_error(y, p))\nhigh = (p > 50).astype(int)",
        "high = model.predict(X) > 50\nprint((model.predict(X) - y).mean())",
        "band = np.where(model.predict(X) > 50, 'high', 'low')",
    ],
)
def test_a_quantity_that_is_also_compared_stays_a_quantity(text: str) -> None:
    assert found(text, "LinearRegression") is None


def test_scores_of_a_network_may_be_measured_before_it_decides() -> None:
    text = "p = model.predict(X)\nprint(roc_auc_score(y, p))\nd = (p > 0.5).astype(int)"
    answer = found(text, "LinearRegression")
    assert answer is not None
    assert (answer.kind, answer.threshold, answer.finding.code) == ("class", 0.5, "I-DECISION")


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
