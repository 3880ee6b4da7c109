"""Rows to compare on, and the comparison: bit for bit, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

RANDOM = np.random.default_rng(7)
COUNT = 240
NUMBERS = pd.DataFrame({f"n{i}": RANDOM.normal(size=COUNT) * 10**i for i in range(-2, 3)})
COUNTS = pd.DataFrame({f"c{i}": RANDOM.integers(0, 6, COUNT) for i in range(4)})
WORDS = pd.DataFrame(
    {
        "colour": RANDOM.choice(["red", "green", "blue", "pink"], COUNT, p=[0.5, 0.3, 0.15, 0.05]),
        "size": RANDOM.choice(["S", "M", "L"], COUNT),
    }
)
MIXED = pd.concat([NUMBERS.iloc[:, :3], COUNTS.iloc[:, :2], WORDS], axis=1)
TEXTS = np.array(
    [" ".join(RANDOM.choice(["Sun", "rain", "a", "wind,", "the", "Éclair", "42"], 6)) for _ in range(COUNT)]
)  # fmt: skip
TWO = np.where(NUMBERS["n0"] + RANDOM.normal(size=COUNT) > 0, "yes", "no")
THREE = np.digitize(NUMBERS["n0"] + RANDOM.normal(size=COUNT), [-0.5, 0.5])
AMOUNT = (NUMBERS["n0"] * 3 + RANDOM.normal(size=COUNT)).to_numpy()
SIZES = (1, 2, 3, 4, 5, 8, 17, COUNT)


def gaps(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every tenth value missing."""
    return frame.mask(np.random.default_rng(1).random(frame.shape) < 0.1)


def columns(table: Any) -> Any:
    """What the compiled form gets for a table: a frame as a dictionary of columns."""
    if isinstance(table, pd.DataFrame):
        return {name: table[name].to_numpy() for name in table.columns}
    return table


def reread(compiled: Any, model: Any, folder: Any) -> Any:
    """The flat form of a fitted estimator after a round trip to disk."""
    folder.mkdir(exist_ok=True)
    compiled.store.write(folder, compiled.flat.flatten(model))
    return compiled.store.read(folder)


def chosen(table: Any, rows: Any) -> Any:
    """Some rows of a table of any kind."""
    return table.iloc[rows] if hasattr(table, "iloc") else table[rows]


def assert_same_bits(expected: Any, given: Any) -> None:
    """Equal shapes, types and bits; missing equals missing."""
    expected = expected.toarray() if hasattr(expected, "toarray") else np.asarray(expected)
    given = given.toarray() if hasattr(given, "toarray") else np.asarray(given)
    assert expected.shape == given.shape
    assert expected.dtype.kind == given.dtype.kind or {
        expected.dtype.kind,
        given.dtype.kind,
    } <= set("OU")
    if expected.dtype.kind == "f":
        assert np.array_equal(expected, given, equal_nan=True), np.abs(expected - given).max()
    else:
        assert expected.tolist() == given.tolist()


def compare(model: Any, flat: Any, table: Any, methods: tuple[str, ...]) -> None:
    """Compare both on one row, on few, on many, and on shuffled ones."""
    order = np.random.default_rng(3).permutation(len(table))
    for size in SIZES:
        part = chosen(table, order[:size])
        for method in methods:
            expected = outcome(getattr(model, method), part)
            given = outcome(getattr(flat, method), columns(part))
            if expected is None or given is None:
                assert expected is given, f"{method} of {size} rows: only one raises"
            else:
                assert_same_bits(expected, given)


def outcome(method: Callable[[Any], Any], table: Any) -> Any:
    """What a method returns; None where it refuses the values."""
    try:
        return method(table)
    except ValueError:
        return None
