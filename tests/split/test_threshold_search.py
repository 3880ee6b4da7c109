"""A threshold that is found behind the fit is found anew by training, where all it needs is there."""

from __future__ import annotations

import pytest

from nbprod.modules import build
from nbprod.modules.values import Modules
from nbprod.notebook.values import Cell, Notebook

HEAD = """import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_curve
from sklearn.model_selection import train_test_split
df = pd.read_csv('x.csv')
grid = np.arange(0.1, 0.9, 0.1)
X_train, X_test, y_train, y_test = train_test_split(df[['a', 'b']], df['y'], random_state=0)
model = LogisticRegression()
model.fit(X_train, y_train)
p = model.predict_proba(X_test)[:, 1]
"""
YOUDEN = "fpr, tpr, ts = roc_curve(y_test, p)\nbest = ts[np.argmax(tpr - fpr)]\n"
LOOP = """scores = []
for t in grid:
    scores.append(f1_score(y_test, p >= t))
best = grid[np.argmax(scores)]
"""
FUNCTION = """def score(t):
    return f1_score(y_test, p >= t)
best = max(grid, key=score)
"""
USE = "d = (p >= best).astype(int)\n"


def built(text: str) -> Modules:
    return build(Notebook("x.ipynb", "x", (Cell(1, "code", HEAD + text, HEAD + text),)))


def found(modules: Modules) -> str:
    """Return the function that finds the threshold, "" where there is none."""
    return modules.files["model.py"].partition("def find_threshold")[2]


@pytest.mark.parametrize("search", [YOUDEN, LOOP, FUNCTION], ids=["youden", "loop", "function"])
def test_a_search_is_repeated_by_training(search: str) -> None:
    modules = built(search + USE)
    text = found(modules)
    for line in ('training.extras["X_test"]', 'training.extras["y_test"]', "return float(best)"):
        assert line in text
    assert "LogisticRegression()" not in text
    assert "decision_threshold" in {field.name for field in modules.state}
    assert (modules.sink["threshold"], bool(modules.sink["decided"])) == ("best", True)
    assert "state.decision_threshold if DECISION_THRESHOLD is None" in modules.files["answers.py"]


@pytest.mark.parametrize(
    "text",
    [
        YOUDEN + "X_test = X_test[:9]\n" + "best = ts[len(X_test)]\n" + USE,
        "best = float(input())\n" + USE,
        "best = 0.4\n" + USE,
        YOUDEN,
        YOUDEN + USE + "print(model.predict(X_test))",
        "other = LogisticRegression().fit(X_test, y_test)\nbest = other.intercept_[0]\n" + USE,
    ],
    ids=["rows changed", "no search", "a number", "not used", "predicted later", "another model"],
)
def test_anything_else_is_not_found_anew(text: str) -> None:
    modules = built(text)
    assert found(modules) == ""
    assert "decision_threshold" not in {field.name for field in modules.state}
