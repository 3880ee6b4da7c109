"""Every function of one column is the function of pandas: types, gaps, no row, one row, any order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from tests.kernel.vector.columns import (
    anything,
    bools,
    floats,
    full_texts,
    in_table,
    ints,
    numeric,
    same,
    texts,
)
from tests.kernel.vector.installed import (
    category_codes,
    clipped,
    contains,
    count_in_text,
    cut,
    each_text,
    each_value,
    ends_with,
    extract,
    fill,
    floor_divide,
    is_in,
    is_missing,
    is_present,
    join_pieces,
    join_texts,
    keep,
    map_values,
    part,
    piece,
    piece_of_all,
    positions,
    remainder,
    replace,
    replace_by,
    replace_number,
    replace_pattern,
    replace_text,
    rounded,
    split_by_pattern,
    split_text,
    starts_with,
    text_is,
    text_length,
    to_float,
    to_int,
    to_number,
    to_text,
    where,
)

Case = tuple[str, Any, Callable[[pd.Series], Any], Callable[[np.ndarray], Any]]
TITLE = r" ([A-Za-z]+)\."
BINS = [0, 1, 2.5, 7]

CASES: list[Case] = [
    ("isnull", anything, lambda s: s.isnull(), is_missing),
    ("notnull", anything, lambda s: s.notnull(), is_present),
    ("fillna number", numeric, lambda s: s.fillna(3), lambda v: fill(v, 3)),
    ("fillna float", anything, lambda s: s.fillna(2.5), lambda v: fill(v, 2.5)),
    ("fillna text", anything, lambda s: s.fillna("S"), lambda v: fill(v, "S")),
    ("fillna truth", texts, lambda s: s.fillna(False), lambda v: fill(v, False)),
    ("map to ints", anything, lambda s: s.map({"male": 0, "female": 1}), lambda v: map_values(v, {"male": 0, "female": 1})),
    ("map to floats", texts, lambda s: s.map({"a": 0.5, "b": 1.5}), lambda v: map_values(v, {"a": 0.5, "b": 1.5})),
    ("map to both", texts, lambda s: s.map({"a": 0.5, "b": 1}), lambda v: map_values(v, {"a": 0.5, "b": 1})),
    ("map to text", texts, lambda s: s.map({"a": "x", "b": "y"}), lambda v: map_values(v, {"a": "x", "b": "y"})),
    ("map to truth", texts, lambda s: s.map({"a": True, "b": False}), lambda v: map_values(v, {"a": True, "b": False})),
    ("map with none", texts, lambda s: s.map({"a": 1, "b": None}), lambda v: map_values(v, {"a": 1, "b": None})),
    ("map of numbers", numeric, lambda s: s.map({1: "one", 2: "two"}), lambda v: map_values(v, {1: "one", 2: "two"})),
    ("map of a gap", floats, lambda s: s.map({1.0: 5, np.nan: 7}), lambda v: map_values(v, {1.0: 5, np.nan: 7})),
    ("map of truth", bools, lambda s: s.map({True: 1, False: 0}), lambda v: map_values(v, {True: 1, False: 0})),
    ("map by a series", texts, lambda s: s.map(pd.Series({"a": 1.5, "Mr": 2.5})), lambda v: map_values(v, {"a": 1.5, "Mr": 2.5})),
    ("map by counts", texts, lambda s: s.map(pd.Series({"a": 1, "Mr": 2})), lambda v: map_values(v, {"a": 1, "Mr": 2})),
    ("map to a mixture", texts, lambda s: s.map({"a": 1, "b": "x"}), lambda v: map_values(v, {"a": 1, "b": "x"})),
    ("map to text or nothing", texts, lambda s: s.map({"a": "x", "b": None}), lambda v: map_values(v, {"a": "x", "b": None})),
    ("map of numbers to truth", numeric, lambda s: s.map({1: True, 2: False}), lambda v: map_values(v, {1: True, 2: False})),
    ("map of numbers to a mixture", numeric, lambda s: s.map({1: "x", 2: 3}), lambda v: map_values(v, {1: "x", 2: 3})),
    ("replace one", texts, lambda s: s.replace("Mr", "Mrs"), lambda v: replace(v, "Mr", "Mrs")),
    ("replace some", texts, lambda s: s.replace(["a", "b"], "Rare"), lambda v: replace(v, ["a", "b"], "Rare")),
    ("replace by a gap", texts, lambda s: s.replace("a", np.nan), lambda v: replace(v, "a", np.nan)),
    ("replace by some numbers", texts, lambda s: s.replace({"a": 0.5, "b": 1}), lambda v: replace_by(v, {"a": 0.5, "b": 1})),
    ("replace by numbers", texts, lambda s: s.replace({"male": 0, "female": 1}), lambda v: replace_by(v, {"male": 0, "female": 1})),
    ("replace text of numbers", numeric, lambda s: s.replace("a", "b"), lambda v: replace(v, "a", "b")),
    ("replace a number", numeric, lambda s: s.replace(3, 5), lambda v: replace_number(v, 3, 5)),
    ("replace by nan", numeric, lambda s: s.replace(3, np.nan), lambda v: replace_number(v, 3, np.nan)),
    ("replace by half", numeric, lambda s: s.replace(3, 0.5), lambda v: replace_number(v, 3, 0.5)),
    ("replace a pattern", texts, lambda s: s.replace(r"\d", "", regex=True), lambda v: replace_pattern(v, r"\d", "")),
    ("apply", floats, lambda s: s.apply(lambda x: 1 if x > 2 else 0), lambda v: each_value(v, lambda x: 1 if x > 2 else 0)),
    ("apply to mixed", ints, lambda s: s.apply(lambda x: None if x > 2 else x), lambda v: each_value(v, lambda x: None if x > 2 else x)),
    ("apply to truth", ints, lambda s: s.apply(lambda x: x > 2), lambda v: each_value(v, lambda x: x > 2)),
    ("apply to halves", ints, lambda s: s.apply(lambda x: x / 2 if x > 2 else 0), lambda v: each_value(v, lambda x: x / 2 if x > 2 else 0)),
    ("apply to text", full_texts, lambda s: s.apply(lambda x: x[:1]), lambda v: each_value(v, lambda x: x[:1])),
    ("apply to text or nothing", full_texts, lambda s: s.apply(lambda x: None if x == "a" else x), lambda v: each_value(v, lambda x: None if x == "a" else x)),
    ("apply to truth or nothing", ints, lambda s: s.apply(lambda x: None if x > 2 else x > 1), lambda v: each_value(v, lambda x: None if x > 2 else x > 1)),
    ("apply to gaps", ints, lambda s: s.apply(lambda x: "a" if x > 2 else np.nan), lambda v: each_value(v, lambda x: "a" if x > 2 else np.nan)),
    ("as int", anything, lambda s: s.astype(int), to_int),
    ("as int32", anything, lambda s: s.astype("int32"), lambda v: to_int(v, "int32")),
    ("as float", anything, lambda s: s.astype(float), to_float),
    ("as float32", numeric, lambda s: s.astype("float32"), lambda v: to_float(v, "float32")),
    ("as text", anything, lambda s: s.astype(str), to_text),
    ("as truth", anything, lambda s: s.astype(bool), lambda v: v.astype(bool)),
    ("to numeric", anything, lambda s: pd.to_numeric(s), to_number),
    ("to numeric or nothing", anything, lambda s: pd.to_numeric(s, errors="coerce"), lambda v: to_number(v, coerce=True)),
    ("round", numeric, lambda s: s.round(1), lambda v: rounded(v, 1)),
    ("abs", numeric, lambda s: s.abs(), np.abs),
    ("clip", numeric, lambda s: s.clip(0, 2), lambda v: clipped(v, 0, 2)),
    ("clip to halves", numeric, lambda s: s.clip(0.5, 2.5), lambda v: clipped(v, 0.5, 2.5)),
    ("clip below", numeric, lambda s: s.clip(lower=1), lambda v: clipped(v, lower=1)),
    ("log1p", numeric, lambda s: np.log1p(s), np.log1p),
    ("floor divide", numeric, lambda s: s // 2, lambda v: v // 2),
    ("floor divide by itself", numeric, lambda s: s // s, lambda v: floor_divide(v, v)),
    ("divide by itself", numeric, lambda s: s / s, lambda v: v / v),
    ("remainder", numeric, lambda s: s % 3, lambda v: v % 3),
    ("remainder of itself", numeric, lambda s: s % s, lambda v: remainder(v, v)),
    ("square", numeric, lambda s: s**2, lambda v: v**2),
    ("root", numeric, lambda s: s**0.5, lambda v: v**0.5),
    ("equal to text", anything, lambda s: s == "a", lambda v: v == "a"),
    ("not equal to text", anything, lambda s: s != "a", lambda v: v != "a"),
    ("equal to a number", anything, lambda s: s == 1, lambda v: v == 1),
    ("greater", numeric, lambda s: s > 1, lambda v: v > 1),
    ("between", numeric, lambda s: s.between(0, 2), lambda v: (v >= 0) & (v <= 2)),
    ("is in texts", texts, lambda s: s.isin(["a", "Mr"]), lambda v: is_in(v, ["a", "Mr"])),
    ("is in numbers", numeric, lambda s: s.isin([1, 2]), lambda v: is_in(v, [1, 2])),
    ("numbers in texts", numeric, lambda s: s.isin(["a", "b"]), lambda v: is_in(v, ["a", "b"])),
    ("where", floats, lambda s: s.where(s > 1, 0), lambda v: keep(v, v > 1, 0)),
    ("where without other", floats, lambda s: s.where(s > 1), lambda v: keep(v, v > 1)),
    ("where of ints", ints, lambda s: s.where(s > 1, 0), lambda v: keep(v, v > 1, 0)),
    ("where of ints to halves", ints, lambda s: s.where(s > 1, 0.5), lambda v: keep(v, v > 1, 0.5)),
    ("where of ints to gaps", ints, lambda s: s.where(s > 1), lambda v: keep(v, v > 1)),
    ("where of texts", texts, lambda s: s.where(s.isin(["a", "Mr"]), "Other"), lambda v: keep(v, is_in(v, ["a", "Mr"]), "Other")),
    ("mask", floats, lambda s: s.mask(s.isna(), 5), lambda v: keep(v, ~is_missing(v), 5)),
    ("np.where", numeric, lambda s: pd.Series(np.where(s > 1, 1, 0)), lambda v: where(v > 1, 1, 0)),
    ("np.where of texts", numeric, lambda s: pd.Series(np.where(s > 1, "a", "bc")), lambda v: where(v > 1, "a", "bc")),
    ("cut", numeric, lambda s: pd.cut(s, BINS, labels=False), lambda v: cut(v, BINS)),
    ("cut into texts", numeric, lambda s: pd.cut(s, BINS, labels=["a", "b", "c"]), lambda v: cut(v, BINS, ["a", "b", "c"])),
    ("cut into numbers", numeric, lambda s: pd.cut(s, BINS, labels=[1, 2, 3]), lambda v: cut(v, BINS, [1, 2, 3])),
    ("cut with the lowest", numeric, lambda s: pd.cut(s, BINS, labels=False, include_lowest=True), lambda v: cut(v, BINS, include_lowest=True)),
    ("cut closed on the left", numeric, lambda s: pd.cut(s, BINS, labels=False, right=False), lambda v: cut(v, BINS, right=False)),
    ("codes", texts, lambda s: s.astype(pd.CategoricalDtype(["a", "b", "Mr"])).cat.codes, lambda v: category_codes(v, ["a", "b", "Mr"])),
    ("codes of ints", ints, lambda s: s.astype(pd.CategoricalDtype([1, 2, 5])).cat.codes, lambda v: category_codes(v, [1, 2, 5])),
    ("positions", texts, lambda s: pd.Series(pd.Index(["a", "b"]).get_indexer(pd.Index(s))), lambda v: positions(v, ["a", "b"])),
    ("lower", texts, lambda s: s.str.lower(), lambda v: each_text(v, str.lower)),
    ("title", texts, lambda s: s.str.title(), lambda v: each_text(v, str.title)),
    ("upper", texts, lambda s: s.str.upper(), lambda v: each_text(v, str.upper)),
    ("capitalize", texts, lambda s: s.str.capitalize(), lambda v: each_text(v, str.capitalize)),
    ("swapcase", texts, lambda s: s.str.swapcase(), lambda v: each_text(v, str.swapcase)),
    ("casefold", texts, lambda s: s.str.casefold(), lambda v: each_text(v, str.casefold)),
    ("strip", texts, lambda s: s.str.strip(), lambda v: each_text(v, str.strip)),
    ("len", texts, lambda s: s.str.len(), text_length),
    ("extract", texts, lambda s: s.str.extract(TITLE, expand=False), lambda v: extract(v, TITLE)),
    ("extract maybe", texts, lambda s: s.str.extract("(x)?", expand=False), lambda v: extract(v, "(x)?")),
    ("contains", texts, lambda s: s.str.contains("Mr"), lambda v: contains(v, "Mr")),
    ("contains a pattern", texts, lambda s: s.str.contains(r"\d"), lambda v: contains(v, r"\d")),
    ("contains any case", texts, lambda s: s.str.contains("MR", case=False), lambda v: contains(v, "MR", case=False)),
    ("contains or not", texts, lambda s: s.str.contains("Mr", na=False), lambda v: contains(v, "Mr", na=False)),
    ("contains plain", texts, lambda s: s.str.contains(".", regex=False), lambda v: contains(v, ".", regex=False)),
    ("contains or missing", texts, lambda s: s.str.contains("Mr", na=True), lambda v: contains(v, "Mr", na=True)),
    ("startswith", texts, lambda s: s.str.startswith("M"), lambda v: starts_with(v, "M")),
    ("endswith", texts, lambda s: s.str.endswith("e"), lambda v: ends_with(v, "e")),
    ("isdigit", texts, lambda s: s.str.isdigit(), lambda v: text_is(v, str.isdigit)),
    ("isalpha", texts, lambda s: s.str.isalpha(), lambda v: text_is(v, str.isalpha)),
    ("isalnum", texts, lambda s: s.str.isalnum(), lambda v: text_is(v, str.isalnum)),
    ("isnumeric", texts, lambda s: s.str.isnumeric(), lambda v: text_is(v, str.isnumeric)),
    ("islower", texts, lambda s: s.str.islower(), lambda v: text_is(v, str.islower)),
    ("count", texts, lambda s: s.str.count("a"), lambda v: count_in_text(v, "a")),
    ("replace in text", texts, lambda s: s.str.replace("a", "z"), lambda v: replace_text(v, "a", "z")),
    ("replace a pattern in text", texts, lambda s: s.str.replace(r"\s+", "", regex=True), lambda v: replace_text(v, r"\s+", "", regex=True)),
    ("first letter", texts, lambda s: s.str[0], lambda v: piece(v, 0)),
    ("last letter", texts, lambda s: s.str[-1], lambda v: piece(v, -1)),
    ("slice", texts, lambda s: s.str[1:3], lambda v: part(v, 1, 3)),
    ("split", texts, lambda s: s.str.split(",").str[1], lambda v: piece(split_text(v, ","), 1)),
    ("split once", texts, lambda s: s.str.split(",", n=1).str[1], lambda v: piece(split_text(v, ",", 1), 1)),
    ("split at spaces", texts, lambda s: s.str.split().str.get(0), lambda v: piece(split_text(v), 0)),
    ("split at a pattern", texts, lambda s: s.str.split("[,.]").str[0], lambda v: piece(split_by_pattern(v, "[,.]"), 0)),
    ("split into a frame", texts, lambda s: s.str.split(",", expand=True)[1], lambda v: piece_of_all(split_text(v, ","), 1)),
    ("first of a frame", texts, lambda s: s.str.split(" ", expand=True)[0], lambda v: piece_of_all(split_text(v, " "), 0)),
    ("words", texts, lambda s: s.str.split().str.len(), lambda v: text_length(split_text(v))),
    ("words joined", texts, lambda s: s.str.split().str.join("-"), lambda v: join_pieces(split_text(v), "-")),
    ("joined texts", texts, lambda s: s + "!", lambda v: join_texts(v, "!")),
    ("texts joined before", texts, lambda s: "x" + s, lambda v: join_texts("x", v)),
    ("texts joined to themselves", texts, lambda s: s + s, lambda v: join_texts(v, v)),
]  # fmt: skip

LETTERS = [chr(c) for c in range(0x600) if c < 0x2B0 or c >= 0x370]


@pytest.mark.parametrize(
    "name",
    "lower upper title capitalize swapcase isalpha isalnum isspace isnumeric isdecimal isdigit islower isupper istitle".split(),
)
def test_letters_of_europe_are_changed_and_named_as_pandas_does(name: str) -> None:
    texts = [form.format(letter) for letter in LETTERS for form in ("{}", "a{}b", "A {}B")]
    column = np.array(texts, dtype=object)
    function = getattr(str, name)
    found = text_is(column, function) if name.startswith("is") else each_text(column, function)
    expected = getattr(in_table(column).str, name)()
    assert found.tolist() == expected.tolist()


@pytest.mark.parametrize(("name", "columns", "in_pandas", "here"), CASES, ids=[c[0] for c in CASES])
def test_a_function_of_a_column_is_that_of_pandas(
    name: str,
    columns: Any,
    in_pandas: Callable[[pd.Series], Any],
    here: Callable[[np.ndarray], Any],
) -> None:
    @settings(
        max_examples=30,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(columns)
    def check(values: np.ndarray) -> None:
        same(values, in_pandas, here)

    check()
