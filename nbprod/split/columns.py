"""Which columns of a table are still needed: a set of names, or all but some."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Columns:
    """``only`` names the columns needed (None: every column) and ``without`` those known not to be."""

    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()

    def __contains__(self, column: str) -> bool:
        if self.only is not None:
            return column in self.only
        return column not in self.without

    def union(self, other: Columns) -> Columns:
        """Return the columns needed by either."""
        if self.only is not None and other.only is not None:
            return Columns(self.only | other.only)
        if self.only is None and other.only is None:
            return Columns(None, self.without & other.without)
        everything, some = (self, other) if self.only is None else (other, self)
        return Columns(None, everything.without - (some.only or frozenset()))

    def drop(self, columns: Iterable[str]) -> Columns:
        """Return what is needed before columns are made or removed."""
        gone = frozenset(columns)
        if self.only is not None:
            return Columns(self.only - gone)
        return Columns(None, self.without | gone)

    def touches(self, columns: Iterable[str]) -> bool:
        """Say whether any of the columns is needed."""
        return any(column in self for column in columns)


ALL = Columns()


def some(*names: str) -> Columns:
    """Return the need for exactly these columns."""
    return Columns(frozenset(names))
