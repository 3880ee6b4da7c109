"""Where two tables differ."""

from __future__ import annotations

import numpy as np
import pytest

from nbprod.verify.probe import comparison, tables


@pytest.mark.parametrize(
    ("left", "right", "double", "single"),
    [
        (1.0, 1.0 + 1e-12, False, False),
        (0.454658, 0.454658 + 3e-8, True, False),
        (0.454658, 0.4548, True, True),
        (float("nan"), float("nan"), False, False),
        (float("inf"), 1e300, True, True),
    ],
)
def test_rounding_is_no_difference_up_to_the_precision_of_the_computation(
    left: float, right: float, double: bool, single: bool
) -> None:
    one, two = (tables.table(np.array([[value]])) for value in (left, right))
    assert one is not None
    assert two is not None
    assert bool(comparison.differences(one, two).any()) is double
    assert bool(comparison.differences(one, two, single=True).any()) is single
