"""Predictions are read in the terms of the raw label, found from the labels alone."""

from __future__ import annotations

import math

import pytest

from benchmarks.oracle_terms import agree, decoded, equal

# id: labels of the fit, labels in the data, predictions, what they mean
ENCODINGS = {
    "codes of words": ([0, 1, 0, 1], ["no", "yes", "no", "yes"], [1, 0], ("codes", ["yes", "no"])),
    "words as they are": (["a", "b", "a", "b"], ["a", "b", "a", "b"], ["b"], ("same", ["b"])),
    "flags as numbers": ([True, False] * 3, [1, 0] * 3, [True], ("same", [1])),
    "a quantity as it is": ([1.5, 2.5, 9.0], [1.5, 2.5, 9.0], [4.0], ("same", [4.0])),
    "a logarithm": ([math.log1p(v) for v in (3, 8, 90)], [3, 8, 90], [math.log1p(7)], ("log1p", [7.0])),
    "scaled": ([0.0, 0.5, 1.0], [10, 20, 30], [0.25], ("scaled", [15.0])),
    "codes that stand for many values": ([0, 0, 1, 1], [1, 2, 8, 9], [1], None),
    "noise": ([3.0, 1.0, 2.0], [1.0, 2.0, 3.0], [2.0], None),
    "several outputs": ([[1, 2], [3, 4]], [1, 2], [[1, 2]], None),
}  # fmt: skip


@pytest.mark.parametrize("name", ENCODINGS)
def test_an_encoding_is_undone_only_when_the_rows_tell_it(name: str) -> None:
    labels, raw, predicted, expected = ENCODINGS[name]
    found = decoded(labels, raw, predicted)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert found[0] == expected[0]
        assert all(map(equal, found[1], expected[1]))


def test_rows_in_another_order_do_not_agree() -> None:
    raw = ["no", "yes", "no", "no", "yes", "no"]
    assert agree([0, 1, 0, 0, 1, 0], raw)
    assert not agree([1, 0, 0, 1, 0, 0], raw)
    assert not agree([30.0, 10.0, 20.0], [10.0, 20.0, 30.0])
    assert agree([10.0, 20.0, 30.0], [10.0, 20.0, 30.0])


@pytest.mark.parametrize(
    ("given", "expected", "same"),
    [
        (1, 1.0, True),
        ("1", 1, True),
        (True, 1, True),
        (1.0000001, 1.0, True),
        (1.00001, 1.0, False),
        (0.0, 1e-8, False),
        ([1.0, 2.0], [1.0, 2.0], True),
        ([1.0], 1.0, True),
        ([1.0, 2.0], [1.0], False),
        (None, 0, False),
        (None, None, True),
        ("a", "b", False),
    ],
)
def test_answers_are_equal_within_what_arithmetic_loses(
    given: object, expected: object, same: bool
) -> None:
    assert equal(given, expected) is same
