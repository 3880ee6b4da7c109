"""What is live at one point of a program: variables and, for tables, columns."""

from __future__ import annotations

from dataclasses import dataclass, field

from nbprod.split.columns import Columns


@dataclass
class Needs:
    """Live variables at one program point.

    ``rows`` maps a table variable to the columns needed, ``names`` holds other variables and ``stored`` the
    learned variables that serving reads from the state. ``refitted`` are those of them that learn anew before
    anything reads what they learned: the object is needed, an earlier fit of it is not.
    """

    rows: dict[str, Columns] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    stored: set[str] = field(default_factory=set)
    refitted: set[str] = field(default_factory=set)

    def copy(self) -> Needs:
        return Needs(dict(self.rows), set(self.names), set(self.stored), set(self.refitted))

    def merge(self, other: Needs) -> None:
        """Add the needs of another path."""
        self.refitted = {
            name
            for name in self.refitted | other.refitted
            if all(name in path.refitted or name not in path.stored for path in (self, other))
        }
        for name, columns in other.rows.items():
            self.want(name, columns)
        self.names |= other.names
        self.stored |= other.stored

    def want(self, name: str, columns: Columns) -> None:
        known = self.rows.get(name)
        self.rows[name] = columns if known is None else known.union(columns)

    def look_up(self, name: str) -> None:
        """Serving reads what the variable learned."""
        self.stored.add(name)
        self.refitted.discard(name)

    def learn_anew(self, name: str) -> None:
        """The variable learns here; what it learned before is forgotten."""
        if name not in self.stored:
            self.refitted.add(name)
        self.stored.add(name)

    def has(self, name: str) -> bool:
        return name in self.rows or name in self.names or name in self.stored

    def state(self) -> tuple[object, ...]:
        return (
            tuple(sorted(self.rows.items(), key=lambda kv: kv[0])),
            frozenset(self.names),
            frozenset(self.stored),
            frozenset(self.refitted),
        )
