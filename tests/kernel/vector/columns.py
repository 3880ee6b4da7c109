"""Random columns, and what it means that a function of the kernel is one of pandas."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

NUMBERS = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.0, 7.25, 1e9, -1e9, float("nan")]),
    st.floats(-1e6, 1e6, width=64),
)
WORDS = st.sampled_from(
    ["", " ", "a", "b", "Mr", "Mrs", "Braund, Mr. Owen", "C85 C87", "x,y,z", "1", "2.5", " 3 ", "male", "female", "ß", "nan", "A1B22", "\u00e9t\u00c9", "\u00bd", "\u00b2", "\u01c6a", "\u0130"]
)  # fmt: skip

TEXT: Any = object if int(pd.__version__.split(".")[0]) < 3 else "str"


def of(items: st.SearchStrategy[Any], dtype: Any) -> st.SearchStrategy[np.ndarray]:
    """Columns of 0, 1 or more values."""

    def made(values: list[Any]) -> np.ndarray:
        out: np.ndarray = np.empty(len(values), dtype=dtype)
        out[:] = values
        return out

    return st.lists(items, max_size=7).map(made)


floats = of(NUMBERS, np.float64)
ints = of(st.integers(-9, 9), np.int64)
bools = of(st.booleans(), bool)
texts = of(st.one_of(WORDS, st.just(np.nan)), object)
full_texts = of(WORDS, object)
anything = st.one_of(floats, ints, bools, texts)
numeric = st.one_of(floats, ints)


def same(
    values: np.ndarray, in_pandas: Callable[[pd.Series], Any], here: Callable[[np.ndarray], Any]
) -> None:
    """Hold a function to pandas on all values, on each alone, and in reverse order.

    Where pandas raises, the function must raise. It may refuse with a ``TypeError`` what it does not know.
    """
    parts = [values, values[::-1].copy(), *(values[i : i + 1] for i in range(len(values)))]
    for part in parts:
        given = part.copy()
        expected = outcome(in_pandas, in_table(part))
        found = outcome(here, given)
        if isinstance(found, TypeError):
            continue
        if isinstance(expected, Exception) or isinstance(found, Exception):
            raised = isinstance(expected, Exception) and isinstance(found, Exception)
            assert raised, f"{part!r}: pandas {expected!r}, here {found!r}"
            continue
        assert repr(given.tolist()) == repr(part.tolist()), "the given column is changed"
        assert_identical(np.asarray(expected), np.asarray(found))


def in_table(values: np.ndarray) -> pd.Series:
    """Return a column as a table has it: text is of type ``str`` since pandas 3, even where all is missing."""
    if values.dtype.kind == "O" and all(isinstance(v, str) or v != v for v in values.tolist()):
        return pd.Series(values.copy(), dtype=TEXT)
    return pd.Series(values.copy())


def outcome(function: Callable[[Any], Any], values: Any) -> Any:
    """Return the result, or the exception."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return function(values)
        except Exception as error:  # noqa: BLE001
            return error


def assert_identical(expected: np.ndarray, found: np.ndarray) -> None:
    """Same type, same bits; missing values in the same places."""
    assert (expected.dtype, expected.shape) == (found.dtype, found.shape), (expected, found)
    for one, two in zip(expected.ravel().tolist(), found.ravel().tolist(), strict=True):
        assert type(one) is type(two), (expected, found)
        if isinstance(one, float):
            assert (np.isnan(one) and np.isnan(two)) or np.float64(one).tobytes() == np.float64(
                two
            ).tobytes(), (one, two)
        else:
            assert one == two, (expected, found)
