"""A key chooses columns, rows, or an item that no longer belongs to a row."""

from __future__ import annotations

import pytest

from tests.flow.test_interpret import value

CASES = [
    ("df['a']", "row", "series"),
    ("df[['a']]", "row", "frame"),
    ("df[df['a'] > 1]", "row", "frame"),
    ("df[:10]", "row", "frame"),
    ("df.loc[:, 'a']", "row", "series"),
    ("df.loc[df['a'] > 1, ['a', 'b']]", "row", "frame"),
    ("df.iloc[0]", "stat", "series"),
    ("df.loc[3, 'a']", "stat", "any"),
    ("df.values[:, 0]", "row", "series"),
    ("df.values[0, 1]", "stat", "any"),
    ("(1, df)[1]", "row", "frame"),
    ("{'x': df['a']}['x']", "row", "series"),
    ("df['a'].mode()[0]", "stat", "any"),
]


@pytest.mark.parametrize(("source", "role", "kind"), CASES)
def test_a_key(source: str, role: str, kind: str) -> None:
    found = value(source)
    assert (found.role, found.kind) == (role, kind)


def test_chosen_rows_are_on_another_axis() -> None:
    assert value("df[df['a'] > 1]").axis != value("df['a']").axis
