"""Versions of the columns of tables while code runs: each change of a column is one version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from . import tables
from .tables import Array, Table

MOST_CELLS = 5 * 10**6  # values of one table; larger ones are not looked at


class Version:
    """A column of a table after a change.

    ``column`` is its name, or the variable and the place for what has no names; ``digest`` tells two
    versions apart; ``values`` is a table of one column.
    """

    def __init__(self, variable: str, column: str, digest: str, values: Table) -> None:
        self.variable = variable
        self.column = column
        self.digest = digest
        self.values = values


class Snapshots:
    """Remembers the columns of variables and says which have changed."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], str] = {}

    def changes(self, variables: Iterable[tuple[str, Any]]) -> Iterator[Version]:
        """Yield the columns of tables, series and arrays that are new or have changed."""
        for variable, value in variables:
            if not _is_table(value):
                continue
            try:
                whole = tables.table(value)
            except Exception:  # noqa: BLE001  a value that cannot be read is not compared
                continue
            if whole is None or hasattr(whole.numbers, "tocsr"):
                continue
            for place in range(whole.width):
                named = bool(whole.names and whole.names[place])
                column = whole.names[place] if named and whole.names else f"{variable} {place}"
                values = _one(whole, place)
                digest = _digest(values)
                if self._seen.get((variable, column)) != digest:
                    self._seen[variable, column] = digest
                    yield Version(variable, column, digest, values)


def _is_table(value: Any) -> bool:
    """Say whether a value has rows, without asking objects for attributes that they may not have."""
    if not isinstance(value, np.ndarray) and type(value).__module__.split(".")[0] != "pandas":
        return False
    shape = getattr(value, "shape", ())
    return len(shape) in (1, 2) and int(np.prod(shape)) <= MOST_CELLS


def _one(whole: Table, place: int) -> Table:
    """Return a column as a table of its own."""
    dtype = [whole.dtypes[place]]
    if place in whole.objects:
        none = np.empty((whole.rows, 0))
        return Table(none, [], {0: whole.objects[place]}, dtype, None, whole.labels)
    at = whole.number_at.index(place)
    return Table(whole.numbers[:, [at]], [0], {}, dtype, None, whole.labels)


def _digest(values: Table) -> str:
    if values.objects:
        content = repr(values.objects[0].tolist()).encode("utf-8", "replace")
    else:
        numbers: Array = values.numbers + 0.0  # minus zero is zero
        numbers[np.isnan(numbers)] = np.nan
        content = numbers.tobytes()
    return hashlib.sha256(content).hexdigest()
