"""What a notebook learns from rows it should not have seen is told with its cell and line, and nothing else is."""

from __future__ import annotations

import pytest

from nbprod.findings import Finding
from nbprod.modules import build
from nbprod.notebook.values import Cell, Notebook

HEAD = """import pandas as pd
import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from sklearn.linear_model import LogisticRegression
df = pd.read_csv('shop.csv')"""
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)"
PLAIN = f"X = df[['a', 'b']]\ny = df['y']\n{SPLIT}"
FIT = "model = LogisticRegression().fit(X_train, y_train)\nprint(model.score(X_test, y_test))"

FINE = {
    "a split, then a fit": [PLAIN, FIT],
    "a scaler of the training part": [
        PLAIN,
        "s = StandardScaler()\nX_train = s.fit_transform(X_train)\nX_test = s.transform(X_test)",
        FIT,
    ],
    "a scaler without any split": [
        "X = StandardScaler().fit_transform(df[['a', 'b']])\ny = df['y']",
        "model = LogisticRegression().fit(X, y)\nmodel.predict(X)",
    ],
    "resampling of the training part": [
        PLAIN,
        "from imblearn.over_sampling import SMOTE\nX_train, y_train = SMOTE().fit_resample(X_train, y_train)",
        FIT,
    ],
    "the label encoded before the split": [
        "df['y'] = df['y'].map({'no': 0, 'yes': 1})",
        PLAIN,
        FIT,
    ],
    "the label dropped": [f"X = df.drop('y', axis=1)\ny = df['y']\n{SPLIT}", FIT],
    "a plot of the label": [PLAIN, "df['y'].hist()\nprint(df['y'].mean())", FIT],
    "stopping by a third part": [
        f"{PLAIN}\nX_fit, X_val, y_fit, y_val = train_test_split(X_train, y_train)",
        (
            "from xgboost import XGBClassifier\nmodel = XGBClassifier(early_stopping_rounds=5)\n"
            "model.fit(X_fit, y_fit, eval_set=[(X_val, y_val)])\nprint(model.score(X_test, y_test))"
        ),
    ],
    "watching the test rows without stopping": [
        PLAIN,
        (
            "from xgboost import XGBClassifier\nmodel = XGBClassifier()\n"
            "model.fit(X_train, y_train, eval_set=[(X_test, y_test)])\nprint(model.score(X_test, y_test))"
        ),
    ],
    "a name of a comprehension": [PLAIN, "names = [c for c in df.columns]\nprint(names)", FIT],
    "a function that uses a later name": [
        "def show():\n    print(later)",
        PLAIN,
        f"later = 1\nshow()\n{FIT}",
    ],
    "a name of an exception": [PLAIN, "try:\n    pass\nexcept ValueError as e:\n    print(e)", FIT],
    "a loop that reads what it made": ["for i in range(3):\n    k = i\n    print(k)", PLAIN, FIT],
}
TOLD = {
    "a scaler before the split": (
        ["X = StandardScaler().fit_transform(df[['a', 'b']])\ny = df['y']", SPLIT, FIT],
        "W-LEAK-SPLIT",
        (2, 1),
    ),
    "a median before the split": (
        ["df['a'] = df['a'].fillna(df['a'].median())", PLAIN, FIT],
        "W-LEAK-SPLIT",
        (2, 1),
    ),
    "columns chosen before the split": (
        [
            "from sklearn.feature_selection import SelectKBest\ny = df['y']\nX = SelectKBest(k=1).fit_transform(df[['a', 'b']], y)",
            SPLIT,
            FIT,
        ],
        "W-LEAK-SPLIT",
        (2, 3),
    ),
    "a mean of training and test files": (
        [
            "test = pd.read_csv('test.csv')\nboth = pd.concat([df, test])\nm = both['a'].mean()",
            "df['a'] = df['a'].fillna(m)\nX = df[['a', 'b']]\ny = df['y']",
            "model = LogisticRegression().fit(X, y)\nmodel.predict(X)",
        ],
        "W-LEAK-TEST",
        (2, 3),
    ),
    "a mean of the label": (
        [
            "m = df.groupby('b')['y'].mean()\ndf['m'] = df['b'].map(m)",
            "X = df[['a', 'm']]\ny = df['y']",
            "model = LogisticRegression().fit(X, y)\nmodel.predict(X)",
        ],
        "W-TARGET-ENC",
        (2, 1),
    ),
    "a scaler fitted again on the test part": (
        [
            PLAIN,
            "s = StandardScaler()\nX_train = s.fit_transform(X_train)\nX_test = s.fit_transform(X_test)",
            FIT,
        ],
        "W-TEST-REFIT",
        (3, 3),
    ),
    "resampling before the split": (
        [
            "from imblearn.over_sampling import SMOTE\nX = df[['a', 'b']]\ny = df['y']\nX, y = SMOTE().fit_resample(X, y)",
            SPLIT,
            FIT,
        ],
        "W-LEAK-RESAMPLE",
        (2, 4),
    ),
    "stopping by the test part": (
        [
            PLAIN,
            (
                "from xgboost import XGBClassifier\nmodel = XGBClassifier(early_stopping_rounds=5)\n"
                "model.fit(X_train, y_train, eval_set=[(X_test, y_test)])\nprint(model.score(X_test, y_test))"
            ),
        ],
        "W-EARLY-STOP",
        (3, 3),
    ),
    "the label among the features": (
        ["df['f'] = df['y'] * 2 + df['a']\nX = df[['a', 'f']]\ny = df['y']", SPLIT, FIT],
        "E-TARGET-LEAK",
        (2, 1),
    ),
    "a name that is made further down": (
        [PLAIN, "print(rounds)", FIT, "rounds = 3"],
        "W-HIDDEN-STATE",
        (3, 1),
    ),
    "a name of a cell that is gone": (
        [PLAIN, "print(was_there)", FIT],
        "W-HIDDEN-STATE",
        (3, 1),
    ),
}


def found(cells: list[str]) -> list[Finding]:
    sources = [HEAD, *cells]
    listed = tuple(Cell(number, "code", text, text) for number, text in enumerate(sources, 1))
    findings = build(Notebook("n.ipynb", "n", listed)).findings
    return [f for f in findings if f.code[:2] in ("E-", "W-")]


@pytest.mark.parametrize("cells", FINE.values(), ids=FINE)
def test_nothing_is_told_of(cells: list[str]) -> None:
    assert [(f.code, f.message) for f in found(cells)] == []


@pytest.mark.parametrize(("cells", "code", "place"), TOLD.values(), ids=TOLD)
def test_is_told(cells: list[str], code: str, place: tuple[int, int]) -> None:
    (finding,) = found(cells)

    assert finding.code == code, finding
    assert finding.origin is not None
    assert (finding.origin.cell, finding.origin.line) == place
    assert finding.advice
