"""Every row of X finds its raw row, whatever the notebook did to order and labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nbprod.verify.probe.judge.lineage import by_value, strangers, trace
from nbprod.verify.probe.tables import table

RAW = pd.DataFrame({"x": [3.0, 1.0, 2.0, 2.0, 5.0], "t": list("abccd")}, index=[10, 11, 12, 13, 14])


def doubled(raw: pd.DataFrame) -> pd.DataFrame:
    return raw.assign(x=raw["x"] * 2)


@pytest.mark.parametrize(
    ("X", "expected", "how"),
    [
        pytest.param(
            doubled(RAW).iloc[[4, 0]], [4, 0], "labels", id="a selection that keeps labels"
        ),
        pytest.param(
            doubled(RAW).reset_index(drop=True), [0, 1, 2, 3, 4], "order", id="all, relabelled"
        ),
        pytest.param(
            doubled(RAW).iloc[[4, 2, 3]].reset_index(drop=True),
            [4, 2, 3],
            "values",
            id="relabelled selection",
        ),
    ],
)
def test_the_raw_row_is_found(X: pd.DataFrame, expected: list[int], how: str) -> None:
    found, told = trace(table(X), table(doubled(RAW)), RAW, None)

    assert found.tolist() == expected
    assert how in told


def test_labels_given_by_the_package_are_taken_at_their_word() -> None:
    X = doubled(RAW).iloc[[0, 1]]

    found, told = trace(table(X), table(doubled(RAW)), RAW, pd.Index([14, 13]))

    assert found.tolist() == [4, 3]
    assert "package" in told


def test_a_row_that_nobody_has_stays_unknown() -> None:
    X = doubled(RAW).iloc[[0, 1]].reset_index(drop=True)
    X.loc[1, "x"] = 77.0

    assert by_value(table(X), table(doubled(RAW))).tolist() == [0, -1]


def test_a_row_is_used_once() -> None:
    X = table(doubled(RAW).iloc[[2, 2, 2]].reset_index(drop=True))

    assert sorted(by_value(X, table(doubled(RAW))).tolist()) == [-1, 2, 3]


def test_rounding_noise_does_not_hide_a_row() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(400, 5))
    order = rng.permutation(400)
    noisy = values[order] * (1 + rng.uniform(-1e-12, 1e-12, (400, 5)))

    assert by_value(table(noisy), table(values)).tolist() == order.tolist()


def test_a_row_drawn_again_is_no_stranger_and_a_new_one_is() -> None:
    X = doubled(RAW).iloc[[0, 0, 2, 1]].reset_index(drop=True)
    X.loc[3, "t"] = "z"

    assert strangers(table(X), table(doubled(RAW))).tolist() == [False, False, False, True]


def test_every_row_is_a_stranger_to_none() -> None:
    assert strangers(table(doubled(RAW)), table(doubled(RAW).iloc[:0])).all()
