"""Operators work element by element, for columns of the same rows."""

from __future__ import annotations

import pytest

from nbprod.kernel.values import NotLowered
from tests.kernel.conftest import Known


@pytest.mark.parametrize(
    ("source", "what", "dtype"),
    [
        ("df['a'] + n", "column", ""),
        ("df['a'] > 1", "column", "bool"),
        ("X * 2", "matrix", ""),
        ("df * 2", "frame", ""),
        ("-df['a']", "column", ""),
        ("n + 1", "plain", ""),
        ("df['a'] + 'x'", "column", "text"),
    ],
)
def test_what_an_operation_yields(known: Known, source: str, what: str, dtype: str) -> None:
    kind = known.of(source).kind
    assert (kind.what, kind.dtype) == (what, dtype)


def test_a_remainder_by_what_may_be_zero_is_a_function_of_ours(known: Known) -> None:
    assert known.text("df['a'] % df['b']") == "remainder(df['a'], df['b'])"
    assert known.text("df['a'] % 2") == "df['a'] % 2"


@pytest.mark.parametrize(
    "source",
    [
        "df['a'] + X",
        "not df['a']",
        "df['a'] in [1]",
        "df['a'] == None",
        "1 < df['a'] < 2",
        "df % n",
        "df['a'][df['a'] > 0] + df['b']",
    ],
)
def test_what_has_no_meaning_for_rows_is_refused(known: Known, source: str) -> None:
    with pytest.raises(NotLowered):
        known.of(source)
