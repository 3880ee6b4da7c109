"""Tables that a program makes out of the rows that it reads, and that stand for data of their own."""

from __future__ import annotations

import ast
from dataclasses import dataclass


@dataclass(frozen=True)
class MadeTable:
    """A variable, the statements that make it, and the expression that a function of them returns."""

    name: str
    statements: tuple[ast.stmt, ...]
    returned: str


def made_table(node: ast.AST) -> MadeTable | None:
    """Return the table that a call stands for, None when it is an ordinary one."""
    return getattr(node, "made_by", None)


__all__ = ["MadeTable", "made_table"]
