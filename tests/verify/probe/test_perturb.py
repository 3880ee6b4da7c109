"""Every kind of learned value can be changed so that its user notices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import LabelEncoder, StandardScaler

from nbprod.verify.probe.judge.perturb import changed

PLAIN = [
    0,
    3,
    -0.5,
    float("nan"),
    True,
    "x",
    ["a", 1],
    {"k": 2.0},
    (1, 2),
    np.float64(2),
    np.int8(3),
]
ARRAYS = [
    np.array([1.0, np.nan]),
    np.array([1, 2]),
    np.array(["a"], dtype=object),
    pd.Series([1.0, 2.0], index=["a", "b"]),
    pd.Series(["u", "v"]),
    pd.DataFrame({"a": [1], "b": ["t"]}),
    pd.Index(["only"]),
    pd.DatetimeIndex(["2020-01-01", "2021-01-01"]),
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_values_change(value: Any) -> None:
    assert repr(changed(value)) != repr(value)


@pytest.mark.parametrize("value", ARRAYS, ids=lambda value: type(value).__name__)
def test_arrays_change_and_keep_their_shape(value: Any) -> None:
    other = changed(value)

    assert other.shape == value.shape
    assert not value.equals(other) if hasattr(value, "equals") else (value != other).all()


def test_estimators_answer_otherwise() -> None:
    X = np.array([[1.0], [2.0], [4.0]])
    scaler = StandardScaler().fit(X)

    assert not np.allclose(changed(scaler).transform(X), scaler.transform(X))
    assert np.allclose(scaler.transform(X), StandardScaler().fit_transform(X)), "the original stays"
    assert list(changed(LabelEncoder().fit(["a", "b"])).classes_) != ["a", "b"]
