"""The knowledge base says what pandas does: checked against pandas itself.

An elementwise method commutes with every choice of rows: one row, some rows, another order.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbprod.knowledge import effects

SERIES: dict[str, tuple[Any, ...]] = {
    "abs": (), "add": (2,), "astype": (str,), "between": (0, 5), "clip": (0, 3), "copy": (), "div": (2,), "divide": (2,),
    "eq": (1,), "fillna": (7.5,), "floordiv": (2,), "ge": (1,), "gt": (1,), "isin": ([1.0, 2.0],), "isna": (), "isnull": (),
    "le": (1,), "lt": (1,), "map": ({1.0: "a"},), "apply": (lambda v: v * 2,), "mod": (3,), "mul": (2,), "multiply": (2,),
    "ne": (1,), "notna": (), "notnull": (), "pow": (2,), "replace": (1.0, 9.0), "round": (1,), "sub": (1,), "subtract": (1,),
    "truediv": (2,),
}  # fmt: skip
REDUCERS = (
    "mean",
    "median",
    "std",
    "var",
    "min",
    "max",
    "sum",
    "count",
    "nunique",
    "skew",
    "quantile",
)
NUMBERS = st.lists(
    st.one_of(st.sampled_from([0.0, 1.0, 2.0, -3.5]), st.just(float("nan"))),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("name", sorted(SERIES))
@settings(max_examples=25, deadline=None)
@given(values=NUMBERS, seed=st.integers(0, 99))
def test_an_elementwise_method_gives_each_row_its_own_value(
    name: str, values: list[float], seed: int
) -> None:
    assert effects("series")[name] == "elementwise"
    series = pd.Series(values)
    chosen = np.random.default_rng(seed).choice(
        len(series), min(len(series), 1 + seed % 5), replace=False
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = getattr(series, name)(*SERIES[name]).iloc[chosen]
        part = getattr(series.iloc[chosen], name)(*SERIES[name])
    pd.testing.assert_series_equal(whole, part, check_dtype=False)


@pytest.mark.parametrize("name", REDUCERS)
def test_a_reducer_leaves_no_row_axis(name: str) -> None:
    assert effects("series")[name] == "reduce"
    assert np.ndim(getattr(pd.Series([1.0, 2.0, 4.0]), name)()) == 0


CROSS = {
    "shift": (),
    "diff": (),
    "cumsum": (),
    "cumprod": (),
    "cummax": (),
    "cummin": (),
    "rank": (),
    "pct_change": (),
    "ffill": (),
    "duplicated": (),
}


@pytest.mark.parametrize("name", sorted(CROSS))
def test_a_cross_row_method_changes_its_answer_with_the_company(name: str) -> None:
    assert effects("series")[name] == "cross"
    series = pd.Series([1.0, 1.0, np.nan, 4.0, 2.0])
    whole = getattr(series, name)()
    alone = pd.concat([getattr(series.iloc[[i]], name)() for i in range(len(series))])
    assert not whole.equals(alone)


@pytest.mark.parametrize("kind", ["frame", "series", "array", "groupby", "functions"])
def test_no_name_has_two_effects(kind: str) -> None:
    from nbprod.knowledge import table

    names = [
        n
        for effect, group in table("pandas")[kind].items()
        if effect != "axis1_elementwise"
        for n in group
    ]
    assert len(names) == len(set(names))
