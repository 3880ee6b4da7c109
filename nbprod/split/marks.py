"""Which statements serving, the label, training and the model need."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from nbprod.split.needed import Needs


@dataclass
class Mark:
    """Why a statement is kept; ``store`` names the variables it learns for the state."""

    serve: bool = False
    label: bool = False
    fit: bool = False
    model: bool = False
    store: set[str] = field(default_factory=set)

    @property
    def kept(self) -> bool:
        return self.serve or self.label or self.fit or bool(self.store)


@dataclass
class Slices:
    """Marks by ``id`` of statement, and what the model's construction needs from the data."""

    marks: dict[int, Mark] = field(default_factory=dict)
    extras: set[str] = field(default_factory=set)
    model: Needs = field(default_factory=Needs)
    entry: Needs = field(default_factory=Needs)

    def mark(self, node: ast.stmt) -> Mark:
        return self.marks.setdefault(id(node), Mark())
