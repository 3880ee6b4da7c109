"""Values that training knows, by their position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np


def positions(values: np.ndarray, known: Iterable[Any]) -> np.ndarray:
    """Return the position of each value among the known ones, -1 for others, (n,) of int64."""
    place = known if isinstance(known, Mapping) else {value: i for i, value in enumerate(known)}
    return np.array([place.get(v, -1) for v in _comparable(values, place)], dtype=np.int64)


def category_codes(values: np.ndarray, known: Iterable[Any]) -> np.ndarray:
    """Return the codes that a pandas categorical of the known categories has, in its small integers, (n,)."""
    codes = positions(values, known)
    count = len(known) if isinstance(known, (list, Mapping)) else len(list(known))
    return codes.astype(np.int8 if count < 128 else np.int16 if count < 32768 else np.int32)


def encode_labels(values: np.ndarray, known: Mapping[Any, int]) -> np.ndarray:
    """Return the numbers of labels, (n,) of int64.

    Raises:
        ValueError: a label that training never met.
    """
    values = np.ravel(values)
    if not len(values):
        return np.array([])
    try:
        return np.array([known[v] for v in _comparable(values, known)], dtype=np.int64)
    except KeyError as error:
        raise ValueError(f"y contains previously unseen labels: [{error.args[0]!r}]") from None


def one_hot(
    values: np.ndarray,
    known: Iterable[Any],
    prefix: Any = None,
    separator: str = "_",
    *,
    drop_first: bool = False,
    dummy_na: bool = False,
    dtype: str = "bool",
) -> dict[Any, np.ndarray]:
    """Return one column of zeros and ones for each known category; a value training never met has none."""
    levels = list(known)
    codes = positions(values, levels)
    if dummy_na:
        codes = np.where(codes < 0, len(levels), codes)
        levels.append(np.nan)
    hot = (codes == np.arange(len(levels))[:, None]).astype(dtype, copy=False)
    start = 1 if drop_first else 0
    names = levels if prefix is None else [f"{prefix}{separator}{level}" for level in levels]
    return dict(zip(names[start:], hot[start:], strict=True))


def one_hot_frame(
    frame: Mapping[Any, np.ndarray],
    known: Mapping[Any, Iterable[Any]],
    columns: Iterable[Any],
    prefix: Any = None,
    separator: str = "_",
    *,
    drop_first: bool = False,
    dummy_na: bool = False,
    dtype: str = "bool",
) -> dict[Any, np.ndarray]:
    """Return a frame with some columns replaced by one for each category, which come last."""
    names = list(columns)
    out = {name: values for name, values in frame.items() if name not in known}
    for place, name in enumerate(names):
        head = (
            name
            if prefix is None
            else (
                prefix
                if isinstance(prefix, str)
                else (prefix[name] if isinstance(prefix, Mapping) else prefix[place])
            )
        )
        hot = one_hot(
            frame[name],
            known[name],
            head,
            separator,
            drop_first=drop_first,
            dummy_na=dummy_na,
            dtype=dtype,
        )
        if out.keys() & hot.keys():
            raise ValueError("two columns of the same name")
        out.update(hot)
    return out


def _comparable(values: np.ndarray, known: Mapping[Any, int]) -> list[Any]:
    if values.dtype.kind in "mM":
        raise TypeError("categories of dates")
    keys: list[Any] = values.tolist()
    if values.dtype.kind == "b" and not all(isinstance(k, bool) for k in known):
        raise TypeError("truth values among other categories")
    return keys
