"""What is said to merge exactly does: learned from all rows, or from the distinct rows of each part."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import sklearn.preprocessing
from hypothesis import given, settings
from hypothesis import strategies as st

from nbprod.knowledge import table
from nbprod.modules.runtime.categories_of import categories_of

MERGES = table("merges")
NUMBERS = st.lists(st.sampled_from([0.0, 1.0, 2.0, -3.5, float("nan")]), min_size=1, max_size=30)
TEXTS = st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=30)


def distinct_parts(values: pd.Series, cut: int) -> pd.Series:
    parts = [values.iloc[:cut].drop_duplicates(), values.iloc[cut:].drop_duplicates()]
    return pd.concat(parts).drop_duplicates()


def same(left: Any, right: Any) -> bool:
    return bool(np.array_equal(np.asarray(left, dtype=float), np.asarray(right, dtype=float), True))


@pytest.mark.parametrize("method", MERGES["methods"])
@given(values=NUMBERS, cut=st.integers(0, 30))
@settings(max_examples=60, deadline=None)
def test_a_statistic_merges_exactly(method: str, values: list[float], cut: int) -> None:
    whole = pd.Series(values)
    merged = distinct_parts(whole, cut)
    assert same(getattr(merged, method)(), getattr(whole, method)())


@pytest.mark.parametrize("name", MERGES["estimators"])
@given(values=TEXTS, cut=st.integers(0, 30))
@settings(max_examples=30, deadline=None)
def test_an_estimator_learns_the_same_from_distinct_rows(
    name: str, values: list[str], cut: int
) -> None:
    def learned(column: pd.Series) -> dict[str, str]:
        given = column if name == "LabelEncoder" else column.to_frame("x")
        fitted = getattr(sklearn.preprocessing, name)().fit(given)
        return {n: repr(v) for n, v in vars(fitted).items() if not n.startswith("_")}

    whole = pd.Series(values)
    assert learned(distinct_parts(whole, cut)) == learned(whole)


@given(values=TEXTS, cut=st.integers(0, 30))
@settings(max_examples=30, deadline=None)
def test_categories_merge_exactly(values: list[str], cut: int) -> None:
    whole = pd.Series(values, name="x")
    merged = distinct_parts(whole, cut).to_frame()
    assert MERGES["functions"] == ["categories_of"]
    assert categories_of(merged, ["x"]) == categories_of(whole.to_frame(), ["x"])
