"""Calls are lowered by their rule, with their function, or stay as they are."""

from __future__ import annotations

import pytest

from nbprod.kernel.values import NotLowered
from tests.kernel.conftest import Known


def test_a_call_of_plain_values_stays(known: Known) -> None:
    assert known.text("max(n, math.sqrt(2))") == "max(n, math.sqrt(2))"


def test_a_function_of_the_notebook_is_lowered_for_columns_and_kept_for_values(
    known: Known,
) -> None:
    assert known.text("half(n)") == "half(n)"
    assert known.needed == {"half"}
    assert not known.helpers
    assert known.text("half(df['a'])") == "half(df['a'])"
    assert set(known.helpers) == {"half"}


@pytest.mark.parametrize("source", ["pd.unheard_of(df)", "df.unheard_of()", "nobody(df)"])
def test_a_call_without_a_rule_is_refused(known: Known, source: str) -> None:
    with pytest.raises(NotLowered):
        known.of(source)
