"""Comprehensions over rows become columns, the rest stays when nothing in it depends on rows."""

from __future__ import annotations

import pytest

from nbprod.kernel.values import NotLowered
from tests.kernel.conftest import Known


def test_a_comprehension_over_a_column_is_a_column(known: Known) -> None:
    found = known.text("[len(v) for v in df['a']]")
    assert found == "inferred([len(v) for v in values_of(df['a'])])"


def test_a_comprehension_over_names_of_columns_stays_and_its_variable_ends(known: Known) -> None:
    known.kinds["c"] = known.kinds["df"]
    assert known.text("[c for c in df if c != 'a']") == "[c for c in df if c != 'a']"
    assert known.kinds["c"] is known.kinds["df"]


def test_what_cannot_be_lowered_is_refused_at_its_own_place(known: Known) -> None:
    with pytest.raises(NotLowered) as refused:
        known.of("max(1,\n    unknown)")
    assert getattr(refused.value.node, "lineno", 0) == 2


@pytest.mark.parametrize(
    "source",
    ["[v for v in df['a'] if v]", "{v for v in df}", "f'{df}'", "[a for a in n for b in n]"],
)
def test_rows_in_anything_else_are_refused(known: Known, source: str) -> None:
    with pytest.raises(NotLowered):
        known.of(source)
