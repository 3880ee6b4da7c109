"""Any kind of features becomes one comparable form and survives the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from nbprod.verify.probe.comparison import differences
from nbprod.verify.probe.storage import load, save
from nbprod.verify.probe.tables import stacked, table

FRAME = pd.DataFrame(
    {
        "n": [1, 2, 3],
        "x": [0.5, np.nan, -1e300],
        "t": ["a", None, "ü"],
        "d": pd.to_datetime(["2020-01-01", None, "2021-05-05"]),
        "c": pd.Categorical(["u", "v", None]),
        "i": pd.array([1, None, 3], dtype="Int64"),
        "b": [True, False, True],
    },
    index=["p", "q", "r"],
)
VALUES = {
    "frame": FRAME,
    "numbers only": FRAME[["n", "x", "b"]],
    "series": FRAME["t"],
    "matrix": np.arange(6.0).reshape(3, 2),
    "vector of integers": np.array([1, 2, 3]),
    "strings": np.array(["a", "b", "c"]),
    "images": np.arange(24).reshape(3, 2, 4),
    "list": ["one", "two", "three"],
    "sparse": csr_matrix(np.eye(3)),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_table_equals_itself_after_the_disk(name: str, tmp_path: Path) -> None:
    before = table(VALUES[name])
    assert before is not None

    after = load(save(before, str(tmp_path), "t"), str(tmp_path))

    assert after.rows == 3
    assert not differences(before, after).any()
    assert (after.names, after.dtypes) == (before.names, before.dtypes)


@pytest.mark.parametrize("name", VALUES)
def test_exchanged_rows_differ(name: str) -> None:
    one = table(VALUES[name])
    assert one is not None

    assert differences(one, one.take([1, 0, 2])).any(axis=1).tolist() == [True, True, False]


@pytest.mark.parametrize("value", [None, 3, "text", object(), np.float64(1)])
def test_what_has_no_rows_is_no_table(value: Any) -> None:
    assert table(value) is None


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        pytest.param([1.0], [1.0 + 1e-9], True, id="rounding of one row and many"),
        pytest.param([1.0], [1.0 + 1e-7], False, id="more than rounding"),
        pytest.param([1], [1.0], True, id="the size of a number's type does not matter"),
        pytest.param([10**9], [10**9 + 1], False, id="integers are exact"),
        pytest.param([np.nan], [np.nan], True, id="missing equals missing"),
        pytest.param([np.nan], [0.0], False, id="missing is not zero"),
        pytest.param(["1"], [1], False, id="text is not a number"),
        pytest.param(["a"], [None], False, id="text is not missing"),
        pytest.param([True], [1], True, id="true is one"),
        pytest.param([np.inf], [np.inf], True, id="infinity"),
        pytest.param([np.inf], [-np.inf], False, id="another infinity"),
    ],
)
def test_values_are_compared_by_kind(left: list[Any], right: list[Any], same: bool) -> None:
    one, other = table(left), table(right)
    assert one is not None
    assert other is not None

    assert differences(one, other).any() == (not same)


def test_rows_stack() -> None:
    whole = table(FRAME)
    assert whole is not None

    again = stacked([whole.take([0]), whole.take([1, 2])])

    assert not differences(whole, again).any()


def test_missing_values_are_seen_in_every_kind_of_column() -> None:
    whole = table(FRAME)
    assert whole is not None

    missing = dict(zip(FRAME.columns, whole.has_missing(), strict=True))

    assert missing == {"n": 0, "x": 1, "t": 1, "d": 1, "c": 1, "i": 1, "b": 0}
