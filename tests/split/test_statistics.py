"""A statistic of the rows is learned while fitting and read from the state when serving."""

from __future__ import annotations

import pytest

from nbprod.modules import build
from tests.cases.test_idioms import as_notebook

BEFORE = """import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler
df = pd.read_csv("x.csv")
"""
AFTER = """
X, y = df[["a"]], df["b"]
model = LinearRegression().fit(X, y)
"""


@pytest.mark.parametrize(
    ("source", "learned", "used"),
    [
        (
            'df["a"] = df["a"] - df["a"].mean()',
            'state.a_mean = df["a"].mean()',
            'df["a"] = df["a"] - state.a_mean',
        ),
        (
            'counts = df["a"].unique()\ndf["a"] = df["a"].isin(list(counts))',
            "state.list = list(counts)",
            'df["a"].isin(state.list)',
        ),
        (
            'scaler = StandardScaler()\nscaler.fit(df[["a"]])\ndf["a"] = scaler.transform(df[["a"]])[:, 0]',
            "state.scaler = StandardScaler()",
            "state.scaler.transform",
        ),
        (
            'df["a"] = df["a"].map(lambda v: df[df["b"] > v].shape[0])',
            "_snapshot = df.copy()",
            "_snapshot",
        ),
    ],
)
def test_a_learned_value(source: str, learned: str, used: str) -> None:
    text = build(as_notebook("n", [BEFORE + source + AFTER]), package="n").files["features.py"]
    assert learned in text
    assert used in text.split(learned, 1)[1]
