"""Fitting makes an estimator learned; asking it for rows yields rows."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.estimators import class_name
from nbprod.flow.interpret import interpret
from nbprod.flow.values import Val

BEFORE = """import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import LabelEncoder, StandardScaler
df = pd.read_csv('x.csv')
model = make_pipeline(StandardScaler(), LogisticRegression())
"""


def _after(source: str, name: str) -> Val:
    return interpret(ast.parse(BEFORE + source).body).final[name]


def test_a_pipeline_behaves_like_its_last_step() -> None:
    assert class_name(_after("", "model").qual) == "LogisticRegression"
    assert class_name("sklearn.svm.SVC") == "SVC"


def test_an_estimator_is_learned_after_its_fit() -> None:
    before, after = _after("", "model"), _after("model.fit(df[['a']], df['y'])", "model")
    assert (before.role, before.fitted) == ("const", False)
    assert (after.role, after.fitted) == ("stat", True)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("model.fit(df[['a']], df['y']).predict(df[['a']])", "series"),
        ("model.fit(df[['a']], df['y']).predict_proba(df[['a']])", "array"),
        ("StandardScaler().fit_transform(df[['a']])", "array"),
        ("LabelEncoder().fit_transform(df['a'])", "series"),
    ],
)
def test_what_is_asked_for_rows_is_of_the_same_rows(source: str, kind: str) -> None:
    found, df = (_after(f"x = {source}", name) for name in ("x", "df"))
    assert (found.role, found.kind, found.axis) == ("row", kind, df.axis)


def test_a_score_is_no_row() -> None:
    assert _after("m = model.fit(df[['a']], df['y'])\nx = m.score(df)", "x").role == "stat"
