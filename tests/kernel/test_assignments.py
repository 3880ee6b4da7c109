"""What is written to a frame is written to its dict of columns."""

from __future__ import annotations

import pytest

from nbprod.kernel.values import NotLowered
from tests.kernel.conftest import Known


@pytest.mark.parametrize(
    ("source", "lowered"),
    [
        ("df['a'] = df['b'] + 1", "df['a'] = df['b'] + 1"),
        ("df.a = df['b']", "df['a'] = df['b']"),
        ("df['a'] = 3", "df['a'] = filled(df, 3)"),
        ("df['a'] += 1", "df['a'] = df['a'] + 1"),
        ("df[['a', 'b']] = X", "put_columns(df, ['a', 'b'], X)"),
        ("df.loc[df['a'] > 1, 'b'] = 0", "df['b'] = put(df, 'b', df['a'] > 1, 0)"),
        ("df['b'][df['a'] > 1] = 0", "df['b'] = put(df, 'b', df['a'] > 1, 0)"),
        ("df.loc[:, 'b'] = df['a']", "df['b'] = df['a']"),
        ("X[:, 0] = 1", "X[:, 0] = 1"),
        ("a, b = 1, n", "a, b = (1, n)"),
    ],
)
def test_an_assignment(known: Known, source: str, lowered: str) -> None:
    assert known.done(source) == lowered


@pytest.mark.parametrize(
    "source",
    [
        "df.loc[0:3, 'a'] = 1",
        "df.loc[df['a'] > 1] = 0",
        "df.loc[df['a'] > 1, ['a', 'b']] = 0",
        "df['a'] = df['b'][df['b'] > 0]",
        "X[0] = 1",
        "f = half",
        "f = lambda x: x",
    ],
)
def test_a_place_that_nobody_knows_is_refused(known: Known, source: str) -> None:
    with pytest.raises(NotLowered):
        known.done(source)
