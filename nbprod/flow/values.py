"""The abstract values of the flow analysis: what an expression means for the rows of a table.

A value is ``row`` when it is aligned with the rows of a data source, ``stat`` when rows were
consumed to make it (it is learned from the training rows), ``elem`` inside a function that sees one
row, ``const`` otherwise.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Role = Literal["const", "stat", "row", "elem", "func", "module"]


@dataclass(frozen=True)
class Val:
    """The abstract value of one expression occurrence.

    ``axis`` names the row universe (see ``RowAxis``), ``elems`` the members of a list, tuple or dict,
    ``qual`` the qualified name of a module, function or estimator class.
    """

    role: Role = "const"
    kind: str = "any"
    axis: int | None = None
    sources: frozenset[str] = frozenset()
    elems: tuple[Val, ...] | None = None
    keys: tuple[Any, ...] | None = None
    qual: str = ""
    fn: Any = None
    literal: Any = None
    known: bool = False  # ``literal`` holds the value
    fitted: bool = False
    target: bool = False  # depends on the label

    @property
    def is_row(self) -> bool:
        return self.role == "row"

    def with_(self, **changes: Any) -> Val:
        """Return a copy with some fields replaced."""
        return replace(self, **changes)


CONST = Val()


@dataclass(frozen=True)
class RowAxis:
    """One row universe: where its rows come from and whether labels still identify raw rows."""

    id: int
    parent: int | None
    how: str
    labelled: bool = True


@dataclass
class Flow:
    """The result of the analysis of one program (filled once, then only read).

    ``vals`` and ``rules`` are keyed by ``id`` of the AST node: the abstract value of the expression
    and, where it is not plain, what the operation does to the rows.
    """

    body: list[ast.stmt]
    vals: dict[int, Val] = field(default_factory=dict)
    rules: dict[int, str] = field(default_factory=dict)
    axes: list[RowAxis] = field(default_factory=list)
    assumed: dict[int, str] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    impure: set[str] = field(default_factory=set)
    selectors: set[str] = field(default_factory=set)  # helpers that only choose rows
    imports: dict[str, str] = field(default_factory=dict)
    sources: dict[str, ast.expr] = field(default_factory=dict)
    aliases: list[set[str]] = field(default_factory=list)
    final: dict[str, Val] = field(default_factory=dict)
    renamed: dict[str, str] = field(
        default_factory=dict
    )  # names made up when helpers were written out
    copies: list[ast.stmt] = field(
        default_factory=list
    )  # facts are keyed by identity: copies stay alive

    row_functions: set[int] = field(default_factory=set)  # functions and lambdas that see one row
    row_classes: set[str] = field(
        default_factory=set
    )  # classes whose objects are called for each row
    pandas: str = ""  # the version that the notebook runs with; empty: the one installed here
    routing: set[int] = field(default_factory=set)  # row axes whose values go back into columns
    effects: dict[int, tuple[ast.stmt, list[Any]]] = field(default_factory=dict)  # asked for often

    def val(self, node: ast.AST) -> Val:
        """Return the abstract value of an expression (``const`` when it was never reached)."""
        return self.vals.get(id(node), CONST)

    def rule(self, node: ast.AST) -> str:
        """Return what the operation does to the rows, or an empty string."""
        return self.rules.get(id(node), "")


def join(*vals: Val) -> Val:
    """Combine the operands of an operation: any row makes a row, any statistic a statistic."""
    rows = [v for v in vals if v.role == "row"]
    sources = frozenset().union(*(v.sources for v in vals)) if vals else frozenset()
    target = any(v.target for v in vals)
    if rows:
        order = {"frame": 4, "sparse": 3, "array": 2, "series": 1}
        best = max(rows, key=lambda v: order.get(v.kind, 0))
        kind = (
            best.kind if best.kind not in ("accessor", "groupby", "index", "indexer") else "series"
        )
        return Val("row", kind, rows[0].axis, sources, target=target)
    for role in ("elem", "stat"):
        if any(v.role == role for v in vals):
            return Val(role, "any", None, sources, target=target)
    return Val("const", "any", None, sources)
