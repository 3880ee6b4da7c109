"""Every flat estimator gives the bits of the one that it stands for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import (
    ExtraTreesClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (
    ElasticNet,
    Lasso,
    LinearRegression,
    LogisticRegression,
    Perceptron,
    Ridge,
    RidgeClassifier,
    SGDClassifier,
    SGDRegressor,
)
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import (
    LabelEncoder,
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
)
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from tests.compiled.rows import (
    AMOUNT,
    COUNTS,
    MIXED,
    NUMBERS,
    THREE,
    TWO,
    WORDS,
    assert_same_bits,
    compare,
    gaps,
    outcome,
    reread,
)

FLOATS = NUMBERS.astype("float32")
HOLES = gaps(NUMBERS)
SEEN = WORDS.mask(WORDS == "pink", "blue")
NULLS = gaps(WORDS).astype(object)

TRANSFORMERS = [
    pytest.param(StandardScaler(), NUMBERS, HOLES, id="standard"),
    pytest.param(StandardScaler(), NUMBERS.to_numpy(), HOLES.to_numpy(), id="standard, array"),
    pytest.param(StandardScaler(with_mean=False), COUNTS, COUNTS, id="standard, integers"),
    pytest.param(StandardScaler(with_std=False), FLOATS, FLOATS, id="standard, single precision"),
    pytest.param(MinMaxScaler((-1, 2), clip=True), NUMBERS.head(90), HOLES, id="minmax"),
    pytest.param(MinMaxScaler(), COUNTS, COUNTS, id="minmax, integers"),
    pytest.param(RobustScaler(), NUMBERS, HOLES, id="robust"),
    pytest.param(MaxAbsScaler(), NUMBERS, HOLES, id="maxabs"),
    pytest.param(SimpleImputer(), HOLES, HOLES, id="imputer, mean"),
    pytest.param(
        SimpleImputer(strategy="median", add_indicator=True), HOLES, HOLES, id="indicator"
    ),
    pytest.param(SimpleImputer(strategy="most_frequent"), NULLS, NULLS, id="imputer, words"),
    pytest.param(SimpleImputer(strategy="constant", fill_value="?"), NULLS, NULLS, id="constant"),
    pytest.param(SimpleImputer(strategy="most_frequent"), COUNTS, COUNTS, id="imputer, integers"),
    pytest.param(OneHotEncoder(), SEEN, WORDS, id="onehot, unknown is an error"),
    pytest.param(OneHotEncoder(handle_unknown="ignore"), SEEN, NULLS, id="onehot, unknown, nulls"),
    pytest.param(OneHotEncoder(handle_unknown="ignore"), NULLS, NULLS, id="onehot, nulls known"),
    pytest.param(OneHotEncoder(sparse_output=False, drop="first"), WORDS, WORDS, id="onehot, drop"),
    pytest.param(
        OneHotEncoder(sparse_output=False, drop="if_binary", handle_unknown="ignore"),
        SEEN,
        WORDS,
        id="onehot, drop binary",
    ),
    pytest.param(
        OneHotEncoder(min_frequency=30, handle_unknown="infrequent_if_exist"),
        WORDS,
        NULLS,
        id="onehot, infrequent",
    ),
    pytest.param(
        OneHotEncoder(handle_unknown="ignore"), COUNTS.head(20), COUNTS, id="onehot, numbers"
    ),
    pytest.param(OrdinalEncoder(), SEEN, WORDS, id="ordinal, unknown is an error"),
    pytest.param(
        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
        SEEN,
        NULLS,
        id="ordinal",
    ),
    pytest.param(OrdinalEncoder(encoded_missing_value=-2), NULLS, NULLS, id="ordinal, nulls"),
    pytest.param(OrdinalEncoder(dtype=np.int32), WORDS, WORDS, id="ordinal, integers"),
    pytest.param(
        ColumnTransformer(
            [
                ("n", make_pipeline(SimpleImputer(), StandardScaler()), ["n-2", "n-1"]),
                ("w", OneHotEncoder(handle_unknown="ignore"), ["colour", "size"]),
            ],
            remainder="passthrough",
        ),
        MIXED,
        MIXED,
        id="columns apart, rest passed on",
    ),
    pytest.param(
        ColumnTransformer(
            [("w", OneHotEncoder(), ["colour"])], remainder="drop", sparse_threshold=1.0
        ),
        MIXED,
        MIXED,
        id="columns apart, sparse",
    ),
    pytest.param(
        FeatureUnion([("a", StandardScaler()), ("b", MinMaxScaler())]), NUMBERS, NUMBERS, id="union"
    ),
]


@pytest.mark.parametrize(("transformer", "known", "asked"), TRANSFORMERS)
def test_transformers(compiled, tmp_path, transformer, known, asked):
    transformer.fit(known)
    compare(transformer, reread(compiled, transformer, tmp_path / "flat"), asked, ("transform",))


def columns_apart(numbers=None, sparse=0.3):
    return ColumnTransformer(
        [
            ("w", OneHotEncoder(handle_unknown="ignore"), ["colour", "size"]),
            ("n", numbers or StandardScaler(), ["n-2", "n-1", "n0"]),
            ("c", "passthrough", ["c0", "c1"]),
        ],
        sparse_threshold=sparse,
    )


CLASSIFIERS = [
    pytest.param(LogisticRegression(), NUMBERS, TWO, id="logistic, two classes"),
    pytest.param(LogisticRegression(), NUMBERS, THREE, id="logistic, three classes"),
    pytest.param(LogisticRegression(), COUNTS, TWO, id="logistic on integers"),
    pytest.param(LogisticRegression(solver="liblinear"), NUMBERS.to_numpy(), TWO, id="liblinear"),
    pytest.param(SGDClassifier(loss="log_loss", random_state=0), NUMBERS, THREE, id="sgd"),
    pytest.param(SGDClassifier(random_state=0), NUMBERS, THREE, id="sgd, hinge"),
    pytest.param(LinearSVC(), NUMBERS, THREE, id="linear svc"),
    pytest.param(RidgeClassifier(), NUMBERS, TWO, id="ridge classifier"),
    pytest.param(Perceptron(), NUMBERS, TWO, id="perceptron"),
    pytest.param(LinearDiscriminantAnalysis(), NUMBERS, THREE, id="discriminant"),
    pytest.param(DecisionTreeClassifier(), NUMBERS, THREE, id="tree"),
    pytest.param(DecisionTreeClassifier(max_depth=3), HOLES, TWO, id="tree with gaps"),
    pytest.param(RandomForestClassifier(20, random_state=0), NUMBERS, TWO, id="forest"),
    pytest.param(
        RandomForestClassifier(20, random_state=0, class_weight="balanced"),
        FLOATS,
        THREE,
        id="forest, weights, single precision",
    ),
    pytest.param(RandomForestClassifier(20, random_state=0), HOLES, THREE, id="forest with gaps"),
    pytest.param(ExtraTreesClassifier(20, random_state=0), COUNTS, TWO, id="extra trees"),
    pytest.param(
        Pipeline([("prepare", columns_apart()), ("model", LogisticRegression())]),
        MIXED,
        TWO,
        id="pipeline with a linear model",
    ),
    pytest.param(
        Pipeline([("prepare", columns_apart(sparse=1.0)), ("model", LogisticRegression())]),
        MIXED,
        THREE,
        id="pipeline with a linear model on sparse rows",
    ),
    pytest.param(
        Pipeline(
            [("prepare", columns_apart()), ("model", RandomForestClassifier(20, random_state=0))]
        ),
        MIXED,
        THREE,
        id="pipeline with a forest",
    ),
    pytest.param(
        GridSearchCV(
            make_pipeline(StandardScaler(), LogisticRegression()), {"logisticregression__C": [1, 9]}
        ),
        NUMBERS,
        TWO,
        id="search",
    ),
    pytest.param(
        VotingClassifier(
            [("a", LogisticRegression()), ("b", DecisionTreeClassifier(max_depth=2))], voting="soft"
        ),
        NUMBERS,
        TWO,
        id="soft votes",
    ),
    pytest.param(
        VotingClassifier(
            [
                ("a", LogisticRegression()),
                ("b", DecisionTreeClassifier(max_depth=2)),
                ("c", RidgeClassifier()),
            ]
        ),
        NUMBERS,
        THREE,
        id="hard votes",
    ),
]


@pytest.mark.parametrize(("model", "X", "y"), CLASSIFIERS)
def test_classifiers(compiled, tmp_path, model, X, y):
    model.fit(X, y)
    flat = reread(compiled, model, tmp_path / "flat")
    assert_same_bits(model.classes_, flat.classes_)
    assert hasattr(flat, "predict_proba") == hasattr(model, "predict_proba")
    methods = ("predict", "predict_proba") if hasattr(model, "predict_proba") else ("predict",)
    compare(model, flat, X, methods)


REGRESSORS = [
    pytest.param(LinearRegression(), NUMBERS, id="linear"),
    pytest.param(LinearRegression(), NUMBERS.to_numpy(), id="linear, array"),
    pytest.param(Ridge(), COUNTS, id="ridge on integers"),
    pytest.param(Lasso(0.1), NUMBERS, id="lasso"),
    pytest.param(ElasticNet(0.1), FLOATS, id="elastic net, single precision"),
    pytest.param(SGDRegressor(random_state=0), COUNTS, id="sgd"),
    pytest.param(DecisionTreeRegressor(), NUMBERS, id="tree"),
    pytest.param(RandomForestRegressor(20, random_state=0), NUMBERS, id="forest"),
    pytest.param(RandomForestRegressor(20, random_state=0), HOLES, id="forest with gaps"),
    pytest.param(
        TransformedTargetRegressor(LinearRegression(), transformer=StandardScaler()),
        NUMBERS,
        id="target",
    ),
    pytest.param(
        VotingRegressor([("a", LinearRegression()), ("b", DecisionTreeRegressor(max_depth=2))]),
        NUMBERS,
        id="mean of models",
    ),
]


@pytest.mark.parametrize(("model", "X"), REGRESSORS)
def test_regressors(compiled, tmp_path, model, X):
    model.fit(X, AMOUNT)
    compare(model, reread(compiled, model, tmp_path / "flat"), X, ("predict",))


EXTREMES = (np.nan, np.inf, -np.inf, 1e300, -1e300, 1e-320, 0.0)


@pytest.mark.parametrize(
    "model", [LogisticRegression(), RandomForestClassifier(5), DecisionTreeClassifier()]
)
def test_values_that_the_library_refuses_are_refused(compiled, tmp_path, model):
    model.fit(NUMBERS, TWO)
    flat = reread(compiled, model, tmp_path / "flat")
    for value in EXTREMES:
        row = NUMBERS.head(1).copy()
        row["n0"] = value
        expected = outcome(model.predict_proba, row)
        given = outcome(flat.predict_proba, {name: row[name].to_numpy() for name in row})
        assert (expected is None) == (given is None), value
        if expected is not None:
            assert_same_bits(expected, given)


def test_labels_are_encoded_and_decoded(compiled, tmp_path):
    values = np.array(["a", "b", np.nan, "b"], dtype=object)
    for encoder in (LabelEncoder().fit(values), LabelEncoder().fit([3, 1])):
        flat = reread(compiled, encoder, tmp_path / "flat")
        known = encoder.classes_
        assert_same_bits(encoder.transform(known), flat.transform(known))
        assert flat.inverse_transform(np.array([0, 1])).tolist() == known[:2].tolist()
        for unknown in (["z"], [7]):
            assert outcome(flat.transform, unknown) is None
    assert outcome(flat.inverse_transform, np.array([2])) is None


def test_an_estimator_of_another_family_or_of_the_notebook_itself_is_refused(compiled):
    class Mine(StandardScaler):
        pass

    for model in (Mine().fit(NUMBERS), OneHotEncoder(dtype=int).fit(WORDS), object()):
        with pytest.raises(compiled.flat.NotFlat):
            compiled.flat.flatten(model)
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(compiled.flat.NotFlat):
        compiled.store._encoded(frame, {})
