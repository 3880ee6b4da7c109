"""What lowering yields, and what it knows about an expression on the way."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True)
class Kernel:
    """The kernel of a package: module path -> source, relative to the package."""

    files: dict[str, str]
    learned: tuple[str, ...] = ()  # names of the learned values that it reads

    def as_dict(self) -> dict[str, object]:
        """Return what ``plan.json`` keeps."""
        return {"lowered": True, "learned": list(self.learned)}


@dataclass(frozen=True)
class Refused:
    """Why there is no kernel, and where: numbers of cell and line from 1."""

    reason: str
    cell: int = 0
    line: int = 0

    def as_dict(self) -> dict[str, object]:
        """Return what ``plan.json`` keeps."""
        return {"lowered": False, "reason": self.reason, "cell": self.cell, "line": self.line}


class NotLowered(Exception):
    """An operation has no rule that is known to be exactly pandas."""

    def __init__(self, reason: str, node: ast.AST | None = None) -> None:
        super().__init__(reason)
        self.reason, self.node = reason, node


@dataclass(frozen=True)
class Kind:
    """What an expression of the kernel is.

    ``what``: frame (dict of columns), column (one-dimensional array), matrix (two-dimensional array), plain
    (a Python value), learned (from the state), texts, dates and categories (the accessors of a column),
    module, function. ``label`` is the name of a column where it is known, ``where`` the mask of the chosen rows.
    """

    what: str
    dtype: str = ""
    label: ast.expr | None = field(default=None, compare=False)
    where: str = ""


LABELLED = "labels of "  # ``where`` of a frame whose rows are labelled by a column
FRAME = Kind("frame")
COLUMN = Kind("column")
MATRIX = Kind("matrix")
PLAIN = Kind("plain")
LEARNED = Kind("learned")
BOOLS = Kind("column", "bool")
TEXTS = Kind("column", "text")
NUMBERS = Kind("column", "number")


class Lowered(NamedTuple):
    """An expression of the kernel and what it is."""

    node: ast.expr
    kind: Kind
