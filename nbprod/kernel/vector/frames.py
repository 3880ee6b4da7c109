"""Frames as dicts of columns: choose, rename, join, stack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np


def rows_in(frame: Mapping[Any, np.ndarray]) -> int:
    """Return the number of rows."""
    return len(next(iter(frame.values())))


def filled(frame: Mapping[Any, np.ndarray], value: Any) -> np.ndarray:
    """Return a column that holds one value, (n,)."""
    count = rows_in(frame)
    if isinstance(value, (list, tuple, np.ndarray)):
        raise TypeError("a list as a column")
    if isinstance(value, str) or value is None:
        return np.full(count, value, dtype=object)
    return np.full(count, value)


def select(frame: Mapping[Any, np.ndarray], names: Iterable[Any]) -> dict[Any, np.ndarray]:
    """Return the named columns, in that order."""
    return {name: frame[name] for name in names}


def drop(frame: Mapping[Any, np.ndarray], names: Any) -> dict[Any, np.ndarray]:
    """Return the columns without those named (one, or several)."""
    out = {names} if isinstance(names, (str, int)) else set(names)
    return {name: values for name, values in frame.items() if name not in out}


def rename(frame: Mapping[Any, np.ndarray], names: Mapping[Any, Any]) -> dict[Any, np.ndarray]:
    """Return the columns with new names, by their old ones."""
    return {names.get(name, name): values for name, values in frame.items()}


def with_names(frame: Mapping[Any, np.ndarray], names: Iterable[Any]) -> dict[Any, np.ndarray]:
    """Return the columns with new names, in order."""
    return dict(zip(names, frame.values(), strict=True))


def beside(*frames: Mapping[Any, np.ndarray]) -> dict[Any, np.ndarray]:
    """Return the columns of all frames.

    Raises:
        ValueError: two columns have the same name.
    """
    out: dict[Any, np.ndarray] = {}
    for frame in frames:
        if out.keys() & frame.keys():
            raise ValueError(
                f"two columns are named {', '.join(map(str, out.keys() & frame.keys()))}"
            )
        out.update(frame)
    return out


def columns_at(frame: Mapping[Any, np.ndarray], places: Any) -> dict[Any, np.ndarray]:
    """Return columns by their positions: a slice, or several numbers."""
    names = list(frame)
    chosen = names[places] if isinstance(places, slice) else [names[p] for p in places]
    return {name: frame[name] for name in chosen}


def column_at(frame: Mapping[Any, np.ndarray], place: int) -> np.ndarray:
    """Return the column at a position, (n,)."""
    return list(frame.values())[place]


def columns_between(
    frame: Mapping[Any, np.ndarray], first: Any, last: Any
) -> dict[Any, np.ndarray]:
    """Return the columns from one name to another, both included."""
    names = list(frame)
    start = 0 if first is None else names.index(first)
    stop = len(names) if last is None else names.index(last) + 1
    return {name: frame[name] for name in names[start:stop]}


def put_columns(frame: dict[Any, np.ndarray], names: Iterable[Any], values: Any) -> None:
    """Set several columns from a frame or from an array, (n, columns)."""
    parts = values.values() if isinstance(values, Mapping) else values.T
    frame.update(zip(list(names), parts, strict=True))


def with_column(
    frame: Mapping[Any, np.ndarray], place: int, name: Any, values: np.ndarray
) -> dict[Any, np.ndarray]:
    """Return the columns with a new one at a position."""
    items = list(frame.items())
    items.insert(place, (name, values))
    return dict(items)


def rows_where(frame: Mapping[Any, np.ndarray], mask: np.ndarray) -> dict[Any, np.ndarray]:
    """Return the rows for which ``mask`` holds."""
    return {name: values[mask] for name, values in frame.items()}


def of_column(learned: Any, name: Any) -> Any:
    """Return what was learned for one column: an entry of a mapping, or the one value for all."""
    return learned[name] if isinstance(learned, Mapping) else learned


def matrix(frame: Mapping[Any, np.ndarray]) -> np.ndarray:
    """Return the columns side by side in the type that holds all of them, (n, columns)."""
    columns = list(frame.values())
    kinds = {c.dtype.kind for c in columns}
    if kinds & set("mMUSc"):
        raise TypeError("dates or other types in an array of numbers")
    out: np.ndarray
    if "O" in kinds or ("b" in kinds and len(kinds) > 1):
        out = np.empty((len(columns), len(columns[0])), dtype=object)
        for place, column in enumerate(columns):
            out[place] = column
        return out.T
    return np.stack(columns).T  # as pandas lays it out: sums of a product depend on it


def only_column(values: np.ndarray) -> np.ndarray:
    """Return an array of one column, (n, 1), as a column, (n,)."""
    if values.ndim != 2 or values.shape[1] != 1:
        raise ValueError("an array of several columns for one column")
    return values[:, 0]


def select_where(frame: Mapping[Any, np.ndarray], chosen: Any) -> dict[Any, np.ndarray]:
    """Return the columns for which ``chosen`` is true: by name, or one after the other.

    Raises:
        KeyError: the choice knows nothing of a column.
        ValueError: there are more or fewer columns than choices.
    """
    if isinstance(chosen, Mapping):
        return {name: values for name, values in frame.items() if chosen[name]}
    pairs = zip(frame.items(), chosen, strict=True)
    return {name: values for (name, values), wanted in pairs if wanted}


def numbers(frame: Mapping[Any, np.ndarray]) -> np.ndarray:
    """Return the columns side by side as an estimator sees them: truth values as numbers, (n, columns)."""
    columns = list(frame.values())
    if any(c.dtype.kind == "O" for c in columns):
        return matrix(frame)
    if any(c.dtype.kind in "mM" for c in columns):
        raise TypeError("dates in an array of numbers")
    return np.stack(columns).T  # as pandas lays it out: sums of a product depend on it


def frame_of(values: np.ndarray, names: Iterable[Any] | None = None) -> dict[Any, np.ndarray]:
    """Return an array, (n, columns), as a dict of columns, numbered where they have no names."""
    labels = range(values.shape[1]) if names is None else names
    return dict(zip(labels, values.T, strict=True))
