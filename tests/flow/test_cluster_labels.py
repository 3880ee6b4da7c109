"""Labels of a clusterer become predictions while the rows that it was fitted on are as they were."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.cluster_labels import as_predictions

HEAD = "from sklearn.cluster import KMeans, DBSCAN\n"


def last(text: str) -> str:
    return ast.unparse(as_predictions(ast.parse(HEAD + text).body)[-1])


@pytest.mark.parametrize(
    "fit",
    ["km = KMeans(3).fit(X)", "km = KMeans(3)\nkm.fit(X)", "km = KMeans(3)\na = km.fit_predict(X)"],
)
def test_labels_are_predictions_for_the_rows_of_the_fit(fit: str) -> None:
    assert last(f"{fit}\ndf['group'] = km.labels_") == "df['group'] = km.predict(X)"


@pytest.mark.parametrize(
    "between",
    ["X = X[1:]", "X['a'] = 1", "X.drop('a', axis=1, inplace=True)", "km = DBSCAN()", "km = other"],
)
def test_other_rows_or_another_clusterer_are_left_alone(between: str) -> None:
    assert last(f"km = KMeans(3).fit(X)\n{between}\ng = km.labels_") == "g = km.labels_"


def test_a_clusterer_that_cannot_predict_keeps_its_labels() -> None:
    assert last("db = DBSCAN().fit(X)\ng = db.labels_") == "g = db.labels_"


def test_without_labels_nothing_is_copied() -> None:
    body = ast.parse(HEAD + "km = KMeans(3).fit(X)").body
    assert as_predictions(body) is body
