"""A learned value is read back as it was: type, bits, order, names."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import LabelEncoder

Package = Callable[[str], ModuleType]

PLAIN: dict[str, Any] = {
    "none": None,
    "bool": True,
    "integer beyond 64 bits": 2**70,
    "negative zero": -0.0,
    "infinity": -math.inf,
    "text with controls": "a\n\u2028\x00\U0001f600",
    "tuple": (1, "a", (2.5, None)),
    "set": {1, "a", 2.5},
    "frozenset": frozenset({"b"}),
    "range": range(2, 9, 3),
    "nested": {"a": [{"b": (1, {2})}]},
    "keys of many types": {1: "int", "1": "text", (1, "a"): "pair", 1.5: "float", None: "none"},
    "counter": Counter("aab"),
    "ordered": OrderedDict(b=1, a=2),
    "default of zero": defaultdict(int, {"a": 1}),
    "date": dt.date(2020, 2, 29),
    "datetime": dt.datetime(2020, 1, 1, 3, 4, 5, 6),  # noqa: DTZ001  as notebooks have it
    "numpy bool": np.bool_(True),
    "numpy text": np.str_("a"),
    "uint8": np.uint8(3),
    "float32": np.float32(0.1),
    "longdouble": np.longdouble(1) / 3,
    "complex": np.complex128(1 + 2j),
    "datetime64": np.datetime64("2020-01-01", "D"),
    "timedelta64": np.timedelta64(5, "D"),
    "timestamp to the nanosecond": pd.Timestamp("2020-01-01 00:00:00.000000003"),
    "timestamp in seconds": pd.Timestamp("2020-01-01").as_unit("s"),
    "timestamp with zone": pd.Timestamp("2020-07-01 12:00", tz="Europe/Berlin"),
    "timedelta": pd.Timedelta("1 days 3ns"),
    "period": pd.Period("2020-01-06", "W"),
    "interval": pd.Interval(0.5, 1.0, closed="left"),
    "dtype": np.dtype("float32"),
    "extension type": pd.Int64Dtype(),
    "category type": pd.CategoricalDtype(["b", "a"], ordered=True),
}
TABLES: dict[str, Any] = {
    "array": np.array([0.1, np.nan, -np.inf]),
    "no rows": np.zeros((0, 3), dtype="float32"),
    "zero dimensions": np.array(3.0),
    "objects": np.array([[1, "a"], [None, 2.5]], dtype=object),
    "index": pd.Index([3, 1, 2], name="k"),
    "text index": pd.Index(["a", None, "b"], dtype=object),
    "range index": pd.RangeIndex(2, 8, 2, name="r"),
    "dates": pd.date_range("2020", periods=3, tz="UTC"),
    "category index": pd.CategoricalIndex(["a", "b"], categories=["b", "a"], ordered=True),
    "pairs": pd.MultiIndex.from_product([[1, 2], ["a"]], names=["x", "y"]),
    "no pairs": pd.MultiIndex.from_tuples([], names=["x", "y"]),
    "series": pd.Series([1.5, 2.5], index=["a", "b"], name="v"),
    "series of lists": pd.Series([[1, 2], [3, 4]]),
    "mixed objects": pd.Series([1, "a", 2.5, None, True], dtype=object),
    "nullable": pd.Series([1, None], dtype="Int64"),
    "strings": pd.Series(["a", None], dtype="string"),
    "categories": pd.Series(["a", "b", None], dtype="category"),
    "intervals": pd.cut(pd.Series([1.0, 2.0, 3.0]), 3),
    "sparse": pd.Series(pd.arrays.SparseArray([0, 0, 1])),
    "frame": pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=[7, 3]),
    "columns of equal name": pd.DataFrame([[1, "a"]], columns=["c", "c"]),
    "groups": pd.DataFrame({"a": [1, 1, 2], "b": [1.0, 2, 3]}).groupby("a").agg({"b": ["mean"]}),
    "empty frame": pd.DataFrame(),
}


def back(package: Package, folder: Path, value: Any) -> Any:
    codecs = package("storage.codecs")
    codecs.write_values(folder, {"value": value})
    return codecs.read_values(folder)["value"]


@pytest.mark.parametrize("name", PLAIN)
def test_scalars_and_collections_come_back(package: Package, tmp_path: Path, name: str) -> None:
    value = PLAIN[name]
    found = back(package, tmp_path, value)
    assert type(found) is type(value)
    assert found == value
    if not isinstance(value, (set, frozenset)):
        assert repr(found) == repr(value)


@pytest.mark.parametrize("name", TABLES)
def test_tables_come_back_and_need_no_pickle(package: Package, tmp_path: Path, name: str) -> None:
    value = TABLES[name]
    found = back(package, tmp_path, value)
    assert type(found) is type(value)
    assert not list(tmp_path.rglob("*.joblib"))
    if isinstance(value, pd.DataFrame):
        pd.testing.assert_frame_equal(found, value, check_exact=True)
    elif isinstance(value, pd.Series):
        pd.testing.assert_series_equal(found, value, check_exact=True)
    elif isinstance(value, pd.Index):
        pd.testing.assert_index_equal(found, value, exact=True)
    else:
        assert (found.dtype, found.shape) == (value.dtype, value.shape)
        np.testing.assert_array_equal(found, value)


def test_what_a_mapping_answers_for_unknown_keys_survives(package: Package, tmp_path: Path) -> None:
    codecs = package("storage.codecs")
    values = {"counter": Counter("aab"), "default": defaultdict(list)}
    codecs.write_values(tmp_path, values)
    found = codecs.read_values(tmp_path)
    assert pd.Series(["a", "unseen"]).map(found["counter"]).tolist() == [2, 0]
    assert found["default"]["unseen"] == []


def test_missing_values_are_found_as_keys(package: Package, tmp_path: Path) -> None:
    found = back(package, tmp_path, {np.nan: 3, "a": 1})
    assert found[np.nan] == 3


def test_fitted_estimators_come_back_in_dictionaries(package: Package, tmp_path: Path) -> None:
    encoders = {("Sex", 1): LabelEncoder().fit(["b", "a"]), "Port": LabelEncoder().fit([3, 1])}
    found = back(package, tmp_path, encoders)
    assert found[("Sex", 1)].transform(["a", "b"]).tolist() == [0, 1]
    assert found["Port"].classes_.tolist() == [1, 3]


def test_equal_values_give_equal_files(package: Package, tmp_path: Path) -> None:
    codecs = package("storage.codecs")
    texts = []
    for number, value in enumerate(({"b", "a", "c"}, {"c", "a", "b"})):
        folder = tmp_path / str(number)
        folder.mkdir()
        codecs.write_values(folder, {"value": value})
        texts.append((folder / "state.json").read_text())
    assert texts[0] == texts[1]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner)
    | st.tuples(inner, inner)
    | st.dictionaries(st.text() | st.integers() | st.tuples(st.text(), st.integers()), inner),
    max_leaves=20,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(VALUES)
def test_any_nested_value_comes_back(package: Package, tmp_path: Path, value: Any) -> None:
    assert repr(back(package, tmp_path, value)) == repr(value)
