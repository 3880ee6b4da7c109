"""Statements that only name groups and columns, and the columns that groups are called by."""

from __future__ import annotations

import ast

import pytest

from nbprod.split.group_labels import is_relabelled, label_columns


@pytest.mark.parametrize(
    "text",
    ["t.columns = ['a']", "t.index.name = 'c'", "t = t.reset_index().rename(columns={'a': 'b'})", "t = pd.DataFrame(t)",
     "t.reset_index(inplace=True)", "t = t.to_frame()"],
)  # fmt: skip
def test_labels_change_no_value(text: str) -> None:
    assert is_relabelled(ast.parse(text).body[0], "t")


@pytest.mark.parametrize(
    "text", ["t['a'] = 1", "t = np.log(t)", "t = other.reset_index()", "t.dropna(inplace=True)"]
)
def test_anything_else_may_change_a_value(text: str) -> None:
    assert not is_relabelled(ast.parse(text).body[0], "t")


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("t = df.groupby('c').sum()", ["c"]),
        ("t = df.groupby(['c', 'd']).sum()", ["c", "d"]),
        ("df = df.set_index('day')\nt = df.v.resample('D').sum()", ["day"]),
        ("t = df.resample('D', on='day').sum()", ["day"]),
        ("t = df.pivot_table(index='c', values='v')", ["c"]),
        ("t = df.groupby(df.day.dt.year).sum()", []),
        ("t = df.groupby('c').sum().reset_index()", []),
        ("t = df.groupby(['c', 'd']).sum().unstack('c')", []),
    ],
)
def test_the_columns_that_became_labels(text: str, columns: list[str]) -> None:
    assert label_columns(tuple(ast.parse(text).body), "t") == columns
