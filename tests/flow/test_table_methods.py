"""Methods that are like no other, by what they are called on."""

from __future__ import annotations

import pytest

from tests.flow.test_interpret import value

CASES = [
    ("df.drop('a', axis=1)", "row", "frame"),
    ("df.drop(3)", "row", "frame"),
    ("df.to_dict('records')", "row", "records"),
    ("df.to_dict()", "stat", "dict"),
    ("df.iterrows()", "row", "rows"),
    ("df.pop('a')", "row", "series"),
    ("df['a'].to_frame()", "row", "frame"),
    ("df.to_numpy()", "row", "array"),
    ("df['a'].unique()", "stat", "list"),
    ("df['a'].factorize()[0]", "row", "series"),
    ("df['a'].factorize()[1]", "stat", "list"),
    ("df.value_counts()", "stat", "series"),
]


@pytest.mark.parametrize(("source", "role", "kind"), CASES)
def test_a_method(source: str, role: str, kind: str) -> None:
    found = value(source)
    assert (found.role, found.kind) == (role, kind)


@pytest.mark.parametrize(
    ("source", "same"),
    [
        ("df.drop(columns='a')", True),
        ("df.drop([1, 2])", False),
        ("df.dropna(axis=1)", True),
        ("df.dropna()", False),
        ("df.reset_index()", False),
        ("df.fillna(0)", True),
    ],
)
def test_what_leaves_out_or_relabels_rows_has_another_axis(source: str, same: bool) -> None:
    assert (value(source).axis == value("df").axis) is same
