"""Boosting, texts, naive Bayes, projections, neighbours: the bits of what they stand for."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    BaggingClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest, VarianceThreshold, f_classif
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    PolynomialFeatures,
    PowerTransformer,
    StandardScaler,
)
from sklearn.svm import SVC

from tests.compiled.rows import (
    AMOUNT,
    COUNTS,
    MIXED,
    NUMBERS,
    TEXTS,
    THREE,
    TWO,
    compare,
    gaps,
    reread,
)

# Before scikit-learn 1.6 the default of AdaBoost is SAMME.R, which has no flat form.
VERSION = tuple(map(int, sklearn.__version__.split(".")[:2]))
SAMME = {"algorithm": "SAMME"} if VERSION < (1, 6) else {}
HOLES = gaps(NUMBERS)
POSITIVE = NUMBERS.abs()
WITH_TEXT = MIXED.assign(text=TEXTS)

TRANSFORMERS = [
    pytest.param(CountVectorizer(), TEXTS, id="counts"),
    pytest.param(
        CountVectorizer(ngram_range=(1, 3), stop_words=["the"], binary=True), TEXTS, id="n-grams"
    ),
    pytest.param(CountVectorizer(analyzer="char", ngram_range=(1, 3)), TEXTS, id="letters"),
    pytest.param(
        CountVectorizer(analyzer="char_wb", ngram_range=(2, 5)), TEXTS, id="letters in words"
    ),
    pytest.param(CountVectorizer(strip_accents="unicode", lowercase=False), TEXTS, id="accents"),
    pytest.param(CountVectorizer(strip_accents="ascii", token_pattern=r"\w"), TEXTS, id="ascii"),
    pytest.param(TfidfVectorizer(), TEXTS, id="tfidf"),
    pytest.param(
        TfidfVectorizer(sublinear_tf=True, norm="l1", use_idf=False), TEXTS, id="tfidf, l1"
    ),
    pytest.param(
        make_pipeline(CountVectorizer(), TfidfTransformer()), TEXTS, id="counts, then tfidf"
    ),
    pytest.param(PCA(3), NUMBERS, id="pca"),
    pytest.param(PCA(2, whiten=True), COUNTS, id="pca, whitened, integers"),
    pytest.param(TruncatedSVD(2, random_state=0), NUMBERS, id="svd"),
    pytest.param(
        make_pipeline(TfidfVectorizer(), TruncatedSVD(2, random_state=0)), TEXTS, id="svd of texts"
    ),
    pytest.param(VarianceThreshold(0.5), NUMBERS, id="variance"),
    pytest.param(PolynomialFeatures(3), NUMBERS, id="polynomials"),
    pytest.param(
        PolynomialFeatures(2, interaction_only=True, include_bias=False), COUNTS, id="products"
    ),
    pytest.param(KBinsDiscretizer(4, encode="ordinal", strategy="quantile"), NUMBERS, id="bins"),
    pytest.param(
        KBinsDiscretizer(3, encode="onehot-dense", strategy="uniform"), NUMBERS, id="bins, dense"
    ),
    pytest.param(KBinsDiscretizer(3, strategy="uniform"), NUMBERS, id="bins, sparse"),
    pytest.param(FunctionTransformer(np.log1p), POSITIVE.to_numpy(), id="function"),
    pytest.param(PowerTransformer(), HOLES, id="power"),
    pytest.param(PowerTransformer(standardize=False), NUMBERS, id="power alone"),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("transformer", "known"), TRANSFORMERS)
def test_transformers(compiled, tmp_path, transformer, known):
    transformer.fit(known)
    compare(transformer, reread(compiled, transformer, tmp_path / "flat"), known, ("transform",))


CLASSIFIERS = [
    pytest.param(GradientBoostingClassifier(n_estimators=20), NUMBERS, TWO, id="boosting"),
    pytest.param(GradientBoostingClassifier(n_estimators=9), NUMBERS, THREE, id="boosting, three"),
    pytest.param(
        GradientBoostingClassifier(n_estimators=9, init="zero"), COUNTS, TWO, id="from zero"
    ),
    pytest.param(HistGradientBoostingClassifier(max_iter=20), HOLES, TWO, id="histograms"),
    pytest.param(
        HistGradientBoostingClassifier(max_iter=9), NUMBERS, THREE, id="histograms, three"
    ),
    pytest.param(
        AdaBoostClassifier(n_estimators=15, random_state=0, **SAMME), NUMBERS, TWO, id="adaboost"
    ),
    pytest.param(
        AdaBoostClassifier(n_estimators=15, random_state=0, **SAMME),
        NUMBERS,
        THREE,
        id="adaboost, three",
    ),
    pytest.param(
        BaggingClassifier(n_estimators=5, random_state=0, max_features=3),
        NUMBERS,
        TWO,
        id="bagging",
    ),
    pytest.param(GaussianNB(), NUMBERS, TWO, id="gaussian"),
    pytest.param(GaussianNB(), NUMBERS, THREE, id="gaussian, three"),
    pytest.param(MultinomialNB(), COUNTS, THREE, id="multinomial"),
    pytest.param(BernoulliNB(binarize=1.0), COUNTS, TWO, id="bernoulli"),
    pytest.param(ComplementNB(), COUNTS, THREE, id="complement"),
    pytest.param(
        make_pipeline(CountVectorizer(), MultinomialNB()), TEXTS, TWO, id="texts, multinomial"
    ),
    pytest.param(
        make_pipeline(TfidfVectorizer(), LogisticRegression()), TEXTS, THREE, id="texts, linear"
    ),
    pytest.param(
        make_pipeline(
            ColumnTransformer([("t", TfidfVectorizer(), "text"), ("n", StandardScaler(), ["n0"])]),
            LogisticRegression(),
        ),
        WITH_TEXT,
        TWO,
        id="texts beside numbers",
    ),
    pytest.param(
        make_pipeline(SelectKBest(f_classif, k=2), LogisticRegression()), NUMBERS, TWO, id="chosen"
    ),
    pytest.param(MLPClassifier((6, 4), max_iter=20, random_state=0), NUMBERS, TWO, id="network"),
    pytest.param(
        MLPClassifier((6,), activation="tanh", max_iter=20, random_state=0),
        NUMBERS,
        THREE,
        id="network, three",
    ),
    pytest.param(KNeighborsClassifier(), NUMBERS, TWO, id="neighbours"),
    pytest.param(
        KNeighborsClassifier(3, weights="distance"), NUMBERS, THREE, id="neighbours, weights"
    ),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("model", "X", "y"), CLASSIFIERS)
def test_classifiers(compiled, tmp_path, model, X, y):
    model.fit(X, y)
    flat = reread(compiled, model, tmp_path / "flat")
    compare(model, flat, X, ("predict", "predict_proba"))


LABELS_ALONE = [
    pytest.param(SVC(), NUMBERS, TWO, id="svc"),
    pytest.param(make_pipeline(StandardScaler(), SVC(C=3.0)), NUMBERS, THREE, id="svc, three"),
    pytest.param(SVC(kernel="poly", degree=2, coef0=1.0), COUNTS, THREE, id="svc, polynomial"),
    pytest.param(SVC(kernel="linear", class_weight="balanced"), COUNTS, TWO, id="svc, linear"),
]


@pytest.mark.parametrize(("model", "X", "y"), LABELS_ALONE)
def test_machines_without_probabilities(compiled, tmp_path, model, X, y):
    model.fit(X, y)
    compare(model, reread(compiled, model, tmp_path / "flat"), X, ("predict",))


REGRESSORS = [
    pytest.param(
        MLPRegressor(hidden_layer_sizes=(5,), max_iter=20, random_state=0),
        COUNTS.astype(float),
        id="network",
    ),
    pytest.param(GradientBoostingRegressor(n_estimators=20), NUMBERS, id="boosting"),
    pytest.param(
        GradientBoostingRegressor(n_estimators=9, loss="huber"), COUNTS, id="boosting, huber"
    ),
    pytest.param(HistGradientBoostingRegressor(max_iter=20), HOLES, id="histograms"),
    pytest.param(AdaBoostRegressor(n_estimators=9, random_state=0), NUMBERS, id="adaboost"),
    pytest.param(KNeighborsRegressor(4), NUMBERS, id="neighbours"),
    pytest.param(KNeighborsRegressor(4, weights="distance"), NUMBERS, id="neighbours, weights"),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("model", "X"), REGRESSORS)
def test_regressors(compiled, tmp_path, model, X):
    model.fit(X, AMOUNT)
    compare(model, reread(compiled, model, tmp_path / "flat"), X, ("predict",))


def test_clusters(compiled, tmp_path):
    model = KMeans(4, n_init=2, random_state=0).fit(NUMBERS)
    compare(model, reread(compiled, model, tmp_path / "flat"), NUMBERS, ("predict",))


def test_records_become_columns(compiled, tmp_path):
    records = [{"size": "S", "n": 2.0}, {"size": "L", "n": 0.5, "other": 1}, {}]
    model = DictVectorizer(sparse=False).fit(records)
    flat = reread(compiled, model, tmp_path / "flat")
    for asked in (records, [{"size": "XL", "n": 3.0, "unknown": 9}]):
        assert flat.transform(asked).tolist() == model.transform(asked).tolist()
