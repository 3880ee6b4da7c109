"""Change a learned value, whatever its type, so that somebody who uses it must notice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ..tables import Array


class Shifted:
    """An estimator whose answers are changed."""

    def __init__(self, estimator: Any) -> None:
        self._estimator = estimator

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "_estimator":
            raise AttributeError(name)
        value = getattr(self._estimator, name)
        if callable(value) and name in (
            "transform",
            "predict",
            "inverse_transform",
            "predict_proba",
        ):
            return lambda *args, **kwargs: changed(value(*args, **kwargs))
        return changed(value) if name.endswith("_") and not callable(value) else value

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return changed(self._estimator(*args, **kwargs))


def variants(value: Any) -> Iterator[Any]:
    """Yield wrong values: who looks at order notices one, who looks values up another."""
    first = changed(value)
    if first is None:
        return
    yield first
    if isinstance(value, pd.Index) and len(value) > 1:
        yield pd.Index(_changed_values(value.to_numpy()))
    # who only compares values with each other sees no difference in the first
    if isinstance(value, (pd.Series, pd.DataFrame)) and len(value) > 1:
        yield value.iloc[::-1].set_axis(value.index)
        yield value.iloc[::-1]
    elif isinstance(value, np.ndarray) and value.ndim and len(value) > 1:
        yield value[::-1].copy()


def changed(value: Any) -> Any:
    """Return a value of the same kind that differs everywhere; None where nothing can be changed."""
    if isinstance(value, (bool, np.bool_)):
        return not value
    if isinstance(value, (int, float, np.number)):
        kind: Any = type(value)
        return kind(1) if value != value else kind(value * 2 + 1)
    if isinstance(value, str):
        return value + "~"
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [changed(item) for item in value]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, dict):
        return {key: changed(item) for key, item in value.items()}
    if isinstance(value, (pd.Timestamp, pd.Timedelta)):
        return value + pd.Timedelta(days=99)
    if isinstance(value, np.dtype):
        return np.dtype("int8") if value.kind != "i" else np.dtype("float64")
    if isinstance(value, (np.ndarray, pd.Index, pd.Series, pd.DataFrame, pd.CategoricalDtype)):
        return _changed_array(value)
    if hasattr(value, "toarray"):
        return value * 2
    if hasattr(value, "__dict__") or callable(value):
        return Shifted(value)
    return None


def _changed_array(value: Any) -> Any:
    if isinstance(value, pd.CategoricalDtype):
        return pd.CategoricalDtype(changed(list(value.categories)), value.ordered)
    if isinstance(value, pd.DataFrame):
        columns = [_changed_array(value.iloc[:, i]).to_numpy() for i in range(value.shape[1])]
        frame = pd.DataFrame(dict(enumerate(columns)), index=value.index)
        return frame.set_axis(value.columns, axis=1)
    if isinstance(value, pd.Series):
        return pd.Series(_changed_values(value.to_numpy()), index=value.index, name=value.name)
    if isinstance(value, pd.Index):
        return value[::-1] if len(value) > 1 else pd.Index(_changed_values(value.to_numpy()))
    return _changed_values(value)


def _changed_values(values: Array) -> Array:
    if values.dtype.kind == "b":
        return ~values
    if values.dtype.kind in "iuf":
        return np.where(values != values, 1, values * 2 + 1).astype(values.dtype)
    if values.dtype.kind in "mM":
        return values + np.timedelta64(99, "D")
    flat = np.empty(values.size, dtype=object)
    flat[:] = [changed(item) for item in values.ravel().tolist()]
    return flat.reshape(values.shape)
