"""Needs of columns: sets of names, or all but some."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nbprod.split.columns import ALL, Columns, some

NAMES = st.sampled_from(list("abcdef"))
COLUMNS = st.one_of(
    st.frozensets(NAMES).map(lambda names: Columns(names)),
    st.frozensets(NAMES).map(lambda names: Columns(None, names)),
)


def test_all_needs_every_column() -> None:
    assert "anything" in ALL


def test_some_needs_only_the_named_columns() -> None:
    assert "a" in some("a", "b")
    assert "c" not in some("a", "b")


@given(COLUMNS, COLUMNS, NAMES)
def test_a_union_needs_what_either_needs(one: Columns, two: Columns, name: str) -> None:
    assert (name in one.union(two)) == (name in one or name in two)


@given(COLUMNS, st.frozensets(NAMES), NAMES)
def test_dropped_columns_are_needed_no_more(
    columns: Columns, gone: frozenset[str], name: str
) -> None:
    assert (name in columns.drop(gone)) == (name in columns and name not in gone)
