"""Names, attributes and items are lowered to columns, or refused."""

from __future__ import annotations

import pytest

from nbprod.kernel.values import NotLowered
from tests.kernel.conftest import Known


def test_an_attribute_of_a_frame_is_a_column(known: Known) -> None:
    assert known.text("df.Fare") == "df['Fare']"
    assert known.of("df.Fare").kind.what == "column"


def test_what_is_read_from_the_state_is_noted(known: Known) -> None:
    assert known.of("state.mean").kind.what == "learned"
    assert known.learned == {"mean"}


def test_an_accessor_is_still_the_column(known: Known) -> None:
    assert known.text("df['Name'].str") == "df['Name']"
    assert known.of("df['Name'].str").kind.what == "texts"


@pytest.mark.parametrize("source", ["unknown", "df['a'].hidden", "half[0]"])
def test_anything_else_is_refused(known: Known, source: str) -> None:
    with pytest.raises(NotLowered):
        known.of(source)
