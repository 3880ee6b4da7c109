"""Lean models answer bit for bit like the models they stand for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC

RANDOM = np.random.default_rng(0)
X = pd.DataFrame({"a": RANDOM.normal(size=300), "b": RANDOM.normal(size=300)})
X["c"] = RANDOM.choice(["x", "y", "z"], 300)
Y = (X["a"] + (X["c"] == "x") > 0.3).map({True: "yes", False: "no"})
NUMBERS = X["a"] * 3 + X["b"]


def pipeline(final):
    columns = [
        ("c", OneHotEncoder(handle_unknown="ignore"), ["c"]),
        ("n", StandardScaler(), ["a", "b"]),
    ]
    return make_pipeline(ColumnTransformer(columns), final)


MODELS = [
    pytest.param(
        pipeline(RandomForestClassifier(20, random_state=0)), Y, id="forest in a pipeline"
    ),
    pytest.param(pipeline(LogisticRegression()), Y, id="linear model in a pipeline"),
    pytest.param(pipeline(LinearSVC()), Y, id="no probabilities"),
    pytest.param(pipeline(RandomForestRegressor(20, random_state=0)), NUMBERS, id="regression"),
    pytest.param(pipeline(LinearRegression()), NUMBERS, id="linear regression"),
]


@pytest.mark.parametrize(("model", "target"), MODELS)
def test_pipelines_answer_the_same_bits(shop, model, target):
    model.fit(X, target)
    leaner = shop.lean.lean(model, [X.head()])
    assert isinstance(leaner, shop.lean.LeanPipeline)
    assert hasattr(leaner, "predict_proba") == hasattr(model, "predict_proba")
    for rows in (X, X.iloc[[7]], X.sample(50, random_state=1)):
        assert np.array_equal(leaner.predict(rows), model.predict(rows))
        if hasattr(model, "predict_proba"):
            assert np.array_equal(leaner.predict_proba(rows), model.predict_proba(rows))


@pytest.mark.parametrize(
    "forest", [RandomForestClassifier(20), ExtraTreesClassifier(20), RandomForestRegressor(20)]
)
def test_bare_forests_answer_the_same_bits_with_missing_values_too(shop, forest):
    numbers = X[["a", "b"]].mask(RANDOM.random((300, 2)) < 0.1)
    known = numbers if "Random" in type(forest).__name__ else X[["a", "b"]]
    forest.fit(
        known,
        NUMBERS if hasattr(forest, "criterion") and forest.criterion == "squared_error" else Y,
    )
    leaner = shop.lean.lean(forest, [known.head()])
    assert isinstance(leaner, shop.lean.LeanForest)
    assert np.array_equal(leaner.predict(known), forest.predict(known))
    assert leaner.n_features_in_ == 2


def test_other_models_stay_as_they_are(shop):
    model = GradientBoostingClassifier().fit(X[["a", "b"]], Y)
    assert shop.lean.lean(model, [X[["a", "b"]].head()]) is model
    assert shop.lean.lean(None, []) is None


def test_a_model_that_would_answer_otherwise_stays_as_it_is(shop, monkeypatch):
    model = RandomForestClassifier(5).fit(X[["a", "b"]], Y)
    monkeypatch.setattr(shop.lean.LeanForest, "_mean", lambda self, X: np.ones((len(X), 2)))
    assert shop.lean.lean(model, [X[["a", "b"]]]) is model


def test_features_are_prepared_once_for_labels_and_probabilities(shop):
    class Counting(StandardScaler):
        calls = 0

        def transform(self, X, copy=None):
            Counting.calls += 1
            return super().transform(X, copy)

    model = make_pipeline(Counting(), LogisticRegression()).fit(X[["a", "b"]], Y)
    leaner = shop.lean.lean(model, [])
    Counting.calls = 0
    first, second = X[["a", "b"]].head(), X[["a", "b"]].tail()
    for rows in (first, second):
        leaner.predict(rows)
        leaner.predict_proba(rows)
    assert Counting.calls == 2
