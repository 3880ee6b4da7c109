"""Functions of several columns, and those whose result is a frame, are the functions of pandas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction import DictVectorizer
from sklearn.preprocessing import LabelEncoder

from tests.kernel.vector.columns import NUMBERS, TEXT, WORDS, assert_identical, outcome
from tests.kernel.vector.installed import (
    beside,
    columns_at,
    date_name,
    date_part,
    drop,
    each_row,
    encode_labels,
    fill,
    fill_frame,
    filled,
    first_of,
    group_value,
    keep,
    look_up_columns,
    matrix,
    numbers,
    one_hot,
    one_hot_frame,
    put,
    put_columns,
    rename,
    select,
    to_dates,
    vectorize,
    whole_days,
)

ROW = st.tuples(
    NUMBERS, st.integers(-3, 3), st.one_of(WORDS, st.just(np.nan)), st.booleans(), st.integers(0, 9)
)
QUIET = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def as_frame(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    a, b, c, d, e = (list(x) for x in zip(*rows, strict=True)) if rows else ([], [], [], [], [])
    return pd.DataFrame(
        {
            "a": np.array(a, dtype=np.float64),
            "b": np.array(b, dtype=np.int64),
            "c": pd.Series(c, dtype=TEXT),
            "d": np.array(d, dtype=bool),
            "e": np.array(e, dtype=np.int64),
        }
    )


def columns(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    return {name: frame[name].to_numpy().copy() for name in frame.columns}


def with_put(frame: pd.DataFrame, name: str, mask: pd.Series, value: Any) -> pd.Series:
    frame.loc[mask, name] = value
    return frame[name]


def with_columns(frame: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    put_columns(frame, ["a", "z"], np.stack([frame["b"] * 2.0, frame["e"] * 0.5], axis=1))
    return frame


def in_pandas_with_columns(frame: pd.DataFrame) -> pd.DataFrame:
    frame[["a", "z"]] = np.stack([frame["b"] * 2.0, frame["e"] * 0.5], axis=1)
    return frame


GROUPS = pd.Series(
    [1.5, 2.5, 3.5], index=pd.MultiIndex.from_tuples([(0, "a"), (1, "Mr"), (2, "male")])
)
COUNTS = pd.Series([3, 4], index=pd.MultiIndex.from_tuples([(0, "a"), (1, "Mr")]))
TABLE = pd.DataFrame(
    {"b": [0, 1, 2], "mean": [0.5, 1.5, 2.5], "count": [1, 2, 3], "name": ["x", "y", "z"]}
)
LEVELS = {"c": ["Mr", "a", "male"], "b": [-1, 0, 1]}
TYPED = {k: pd.CategoricalDtype(v) for k, v in LEVELS.items()}


def categorical(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    return frame.assign(**{n: pd.Categorical(frame[n], dtype=TYPED[n]) for n in names})


Case = tuple[str, Callable[[pd.DataFrame], Any], Callable[[dict[str, np.ndarray]], Any]]
CASES: list[Case] = [
    ("select", lambda f: f[["c", "a"]], lambda f: select(f, ["c", "a"])),
    ("drop", lambda f: f.drop(["a", "c"], axis=1), lambda f: drop(f, ["a", "c"])),
    ("drop one", lambda f: f.drop(columns="a"), lambda f: drop(f, "a")),
    ("rename", lambda f: f.rename(columns={"a": "x"}), lambda f: rename(f, {"a": "x"})),
    ("positions", lambda f: f.iloc[:, 1:4], lambda f: columns_at(f, slice(1, 4))),
    ("concat", lambda f: pd.concat([f[["a"]], f[["c", "b"]]], axis=1), lambda f: beside(select(f, ["a"]), select(f, ["c", "b"]))),
    ("fill by column", lambda f: f.fillna({"a": 3.5, "c": "S"}), lambda f: fill_frame(f, {"a": 3.5, "c": "S"})),
    ("fill numbers with one", lambda f: f[["a", "b", "d"]].fillna(0), lambda f: fill_frame(select(f, ["a", "b", "d"]), 0)),
    ("fill from a column", lambda f: f["a"].fillna(f["b"]), lambda f: fill(f["a"], f["b"])),
    ("a constant column", lambda f: f.assign(z=1)["z"], lambda f: filled(f, 1)),
    ("a constant text", lambda f: f.assign(z="x")["z"], lambda f: filled(f, "x")),
    ("values of numbers", lambda f: f[["a", "b"]].values, lambda f: matrix(select(f, ["a", "b"]))),
    ("values of all", lambda f: f.values, matrix),
    ("values of numbers and truth", lambda f: f[["a", "d"]].values, lambda f: matrix(select(f, ["a", "d"]))),
    ("values of truth", lambda f: f[["d"]].values, lambda f: matrix(select(f, ["d"]))),
    ("numbers for an estimator", lambda f: np.asarray(f[["a", "b", "d"]], dtype=np.float64), lambda f: numbers(select(f, ["a", "b", "d"]))),
    ("dummies", lambda f: pd.get_dummies(categorical(f, ["c"]), columns=["c"]), lambda f: one_hot_frame(f, {"c": LEVELS["c"]}, ["c"])),
    ("dummies without the first", lambda f: pd.get_dummies(categorical(f, ["c"]), columns=["c"], drop_first=True), lambda f: one_hot_frame(f, {"c": LEVELS["c"]}, ["c"], drop_first=True)),
    ("dummies as numbers", lambda f: pd.get_dummies(categorical(f, ["c"]), columns=["c"], dtype=int), lambda f: one_hot_frame(f, {"c": LEVELS["c"]}, ["c"], dtype="int64")),
    ("dummies of numbers", lambda f: pd.get_dummies(categorical(f, ["b", "c"]), columns=["b", "c"]), lambda f: one_hot_frame(f, LEVELS, ["b", "c"])),
    ("dummies with missing", lambda f: pd.get_dummies(categorical(f, ["c"]), columns=["c"], dummy_na=True), lambda f: one_hot_frame(f, {"c": LEVELS["c"]}, ["c"], dummy_na=True)),
    ("dummies with a prefix", lambda f: pd.get_dummies(categorical(f, ["c"]), columns=["c"], prefix="p", prefix_sep="="), lambda f: one_hot_frame(f, {"c": LEVELS["c"]}, ["c"], "p", "=")),
    ("dummies with prefixes", lambda f: pd.get_dummies(categorical(f, ["b", "c"]), columns=["b", "c"], prefix=["x", "y"]), lambda f: one_hot_frame(f, LEVELS, ["b", "c"], ["x", "y"])),
    ("dummies of a series", lambda f: pd.get_dummies(f["c"].astype(TYPED["c"])), lambda f: one_hot(f["c"], LEVELS["c"])),
    ("dummies of a series with a prefix", lambda f: pd.get_dummies(f["c"].astype(TYPED["c"]), prefix="p"), lambda f: one_hot(f["c"], LEVELS["c"], "p")),
    ("groups of two keys", lambda f: GROUPS.reindex(pd.MultiIndex.from_frame(f[["b", "c"]])), lambda f: group_value(select(f, ["b", "c"]), GROUPS.to_dict())),
    ("counts of two keys", lambda f: COUNTS.reindex(pd.MultiIndex.from_frame(f[["b", "c"]])), lambda f: group_value(select(f, ["b", "c"]), COUNTS.to_dict())),
    ("merge", lambda f: f.merge(TABLE, on="b", how="left"), lambda f: look_up_columns(f, {c: TABLE[c].tolist() for c in TABLE}, ["b"])),
    ("put into numbers", lambda f: with_put(f, "a", f["b"] > 0, 5), lambda f: put(f, "a", f["b"] > 0, 5)),
    ("put into whole numbers", lambda f: with_put(f, "b", f["e"] > 4, 5), lambda f: put(f, "b", f["e"] > 4, 5)),
    ("put halves into whole numbers", lambda f: with_put(f, "b", f["e"] > 4, 0.5), lambda f: put(f, "b", f["e"] > 4, 0.5)),
    ("put whole floats into whole numbers", lambda f: with_put(f, "b", f["e"] > 4, 2.0), lambda f: put(f, "b", f["e"] > 4, 2.0)),
    ("put into text", lambda f: with_put(f, "c", f["e"] > 4, "x"), lambda f: put(f, "c", f["e"] > 4, "x")),
    ("put text into whole numbers", lambda f: with_put(f, "b", f["e"] > 4, "x"), lambda f: put(f, "b", f["e"] > 4, "x")),
    ("put nothing into whole numbers", lambda f: with_put(f, "b", f["e"] > 4, np.nan), lambda f: put(f, "b", f["e"] > 4, np.nan)),
    ("put truth into whole numbers", lambda f: with_put(f, "b", f["e"] > 4, True), lambda f: put(f, "b", f["e"] > 4, True)),
    ("put numbers into text", lambda f: with_put(f, "c", f["e"] > 4, 0), lambda f: put(f, "c", f["e"] > 4, 0)),
    ("put into a new column", lambda f: with_put(f, "z", f["e"] > 4, 1), lambda f: put(f, "z", f["e"] > 4, 1)),
    ("put halves into a new column", lambda f: with_put(f, "z", f["e"] > 4, 0.5), lambda f: put(f, "z", f["e"] > 4, 0.5)),
    ("put text into a new column", lambda f: with_put(f, "z", f["e"] > 4, "x"), lambda f: put(f, "z", f["e"] > 4, "x")),
    ("put a column", lambda f: with_put(f, "b", f["e"] > 4, f["e"]), lambda f: put(f, "b", f["e"] > 4, f["e"])),
    ("put the values of chosen rows", lambda f: with_put(f, "b", f["e"] > 4, f["e"][f["e"] > 4].values), lambda f: put(f, "b", f["e"] > 4, f["e"][f["e"] > 4], chosen=True)),
    ("where a column", lambda f: f["b"].where(f["e"] > 4, f["e"]), lambda f: keep(f["b"], f["e"] > 4, f["e"])),
    ("np.select", lambda f: pd.Series(np.select([f["b"] > 0, f["e"] > 4], [1, 2], 0)), lambda f: first_of([f["b"] > 0, f["e"] > 4], [1, 2], 0)),
    ("np.select of texts", lambda f: pd.Series(np.select([f["b"] > 0, f["e"] > 4], ["a", "bc"], "d")), lambda f: first_of([f["b"] > 0, f["e"] > 4], ["a", "bc"], "d")),
    ("several columns from an array", in_pandas_with_columns, with_columns),
    ("labels", lambda f: LabelEncoder().fit(["Mr", "a", "male", "b"]).transform(f["c"]), lambda f: encode_labels(f["c"], {"Mr": 0, "a": 1, "b": 2, "male": 3})),
    ("labels of numbers", lambda f: LabelEncoder().fit([-1, 0, 1]).transform(f["b"]), lambda f: encode_labels(f["b"], {-1: 0, 0: 1, 1: 2})),
]  # fmt: skip


@pytest.mark.parametrize(("name", "in_pandas", "here"), CASES, ids=[c[0] for c in CASES])
def test_a_function_of_a_frame_is_that_of_pandas(
    name: str,
    in_pandas: Callable[[pd.DataFrame], Any],
    here: Callable[[dict[str, np.ndarray]], Any],
) -> None:
    @QUIET
    @given(st.lists(ROW, max_size=6))
    def check(rows: list[tuple[Any, ...]]) -> None:
        for part in (rows, rows[::-1], *([row] for row in rows)):
            hold(as_frame(part), in_pandas, here)

    check()


ROW_FUNCTIONS: list[tuple[str, list[str], Callable[[Any], Any]]] = [
    ("sum", ["a", "b"], lambda r: r["a"] + r["b"]),
    ("whole", ["b", "e"], lambda r: r["b"] * 2 + r["e"]),
    ("choice", ["a", "b"], lambda r: 1 if r["a"] < 2 else 0),
    ("gap", ["a", "b"], lambda r: r["b"] if r["a"] != r["a"] else r["a"]),
    ("text", ["c", "e"], lambda r: f"{r['c']}{r['e']}"),
    ("truth", ["d", "e"], lambda r: r["d"] and r["e"] > 4),
]


@pytest.mark.parametrize(
    "kept",
    [["a", "b", "e"], ["b", "e"], ["a", "b", "c", "d", "e"], ["a", "b", "d", "e"]],
    ids="-".join,
)
@pytest.mark.parametrize(
    ("name", "names", "function"), ROW_FUNCTIONS, ids=[f[0] for f in ROW_FUNCTIONS]
)
def test_a_function_of_a_row_sees_what_it_sees_in_pandas(
    name: str, names: list[str], function: Callable[[Any], Any], kept: list[str]
) -> None:
    if not set(names) <= set(kept):
        return

    @QUIET
    @given(st.lists(ROW, min_size=1, max_size=6))
    def check(rows: list[tuple[Any, ...]]) -> None:
        for part in (rows, *([row] for row in rows)):
            hold(
                as_frame(part)[kept],
                lambda f: f.apply(function, axis=1),
                lambda f: each_row(f, names, function),
            )

    check()


@QUIET
@given(st.lists(ROW, min_size=1, max_size=6))
def test_records_become_the_numbers_of_a_dict_vectorizer(rows: list[tuple[Any, ...]]) -> None:
    frame = as_frame(rows)
    fitted = DictVectorizer(sparse=False).fit(
        [{"a": 0.5, "b": 1, "c": "Mr", "d": True}, {"c": "a"}, {"c": "male", "e": 2}]
    )
    learned = {"places": fitted.vocabulary_, "separator": "="}
    expected = fitted.transform(frame.to_dict(orient="records"))
    assert_identical(expected.ravel(), vectorize(columns(frame), learned).ravel())


DATES = st.lists(
    st.one_of(st.datetimes(min_value=pd.Timestamp(1900, 1, 1), max_value=pd.Timestamp(2100, 1, 1)), st.none()),
    max_size=6,
)  # fmt: skip


@pytest.mark.parametrize(
    "part",
    "year month day hour minute second dayofweek weekday dayofyear quarter".split(),
)
def test_a_part_of_a_date_is_that_of_pandas(part: str) -> None:
    @QUIET
    @given(DATES)
    def check(moments: list[Any]) -> None:
        for chosen in (moments, *([m] for m in moments)):
            texts = pd.Series([m and m.strftime("%Y-%m-%d %H:%M:%S") for m in chosen], dtype=TEXT)
            expected = pd.to_datetime(texts, format="%Y-%m-%d %H:%M:%S")
            found = to_dates(texts.to_numpy(), "%Y-%m-%d %H:%M:%S")
            assert expected.to_numpy().tobytes() == found.tobytes()
            assert_identical(getattr(expected.dt, part).to_numpy(), date_part(found, part))

    check()


@pytest.mark.parametrize("what", ["day_name", "month_name"])
def test_a_name_of_a_date_is_that_of_pandas(what: str) -> None:
    @QUIET
    @given(DATES)
    def check(moments: list[Any]) -> None:
        texts = pd.Series([m and m.strftime("%Y-%m-%d") for m in moments], dtype=TEXT)
        dates = pd.to_datetime(texts, format="%Y-%m-%d")
        assert_identical(getattr(dates.dt, what)().to_numpy(), date_name(dates.to_numpy(), what))

    check()


@QUIET
@given(DATES)
def test_days_between_dates_are_those_of_pandas(moments: list[Any]) -> None:
    texts = pd.Series([m and m.strftime("%Y-%m-%d") for m in moments], dtype=TEXT)
    expected = pd.to_datetime(texts) - pd.Timestamp("2000-02-29 12:00")
    found = to_dates(texts.to_numpy()) - np.datetime64("2000-02-29T12:00", "ns")
    assert_identical(expected.dt.days.to_numpy(), whole_days(found))


def hold(
    frame: pd.DataFrame,
    in_pandas: Callable[[pd.DataFrame], Any],
    here: Callable[[dict[str, np.ndarray]], Any],
) -> None:
    expected, found = outcome(in_pandas, frame.copy()), outcome(here, columns(frame))
    if isinstance(found, TypeError):
        return
    if isinstance(expected, Exception) or isinstance(found, Exception):
        raised = isinstance(expected, Exception) and isinstance(found, Exception)
        assert raised, f"{frame!r}: pandas {expected!r}, here {found!r}"
        return
    if isinstance(expected, pd.DataFrame):
        if not len(frame):  # before pandas 2.2 a merge of no rows has its columns in another order
            expected = expected[list(found)]
        assert [str(c) for c in expected.columns] == [str(c) for c in found]
        for place, values in enumerate(found.values()):
            assert_identical(expected.iloc[:, place].to_numpy(), values)
        return
    assert_identical(np.asarray(expected), np.asarray(found))


TEXTS_OF_DATES = [
    "", " ", "never", "nan", "12", "NaT", "2020-03-04", " 2020-03-04", "2020-3-4", "2020-13-01", "2020-02-30",
    "20200304", "03/04/2020", "4/3/2020", "13/3/2020", "2020-03-04 05:06", "2020-03-04T05:06:07", "1.5", "0001-01-01",
]  # fmt: skip


@pytest.mark.parametrize("form", ["", "%Y-%m-%d", "%d/%m/%Y"])
def test_texts_are_the_dates_that_pandas_finds_in_them_alone_and_in_pairs(form: str) -> None:
    pairs = [[one, two] for one in TEXTS_OF_DATES for two in TEXTS_OF_DATES]
    for texts in [*([t] for t in TEXTS_OF_DATES), *pairs]:
        column = pd.Series(texts, dtype=TEXT)
        expected = outcome(lambda s: pd.to_datetime(s, format=form or None).to_numpy(), column)
        found = outcome(lambda v: to_dates(v, form), column.to_numpy())
        if isinstance(found, TypeError):
            continue
        assert isinstance(expected, Exception) == isinstance(found, Exception), texts
        if not isinstance(found, Exception):
            assert expected.tobytes() == found.tobytes(), texts
