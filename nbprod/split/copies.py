"""Copies of statements and expressions that keep what is known about them."""

from __future__ import annotations

import ast
import copy

from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.split.names import NameMap
from nbprod.split.rewrite import Rewriter


class Sources(ast.NodeTransformer):
    """Put the name of its table in the place of a read."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return self._replace(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        return self._replace(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return self._replace(node)

    def _replace(self, node: ast.expr) -> ast.AST:
        if self.flow.rule(node) == "source":
            name = getattr(node, "source_name", "")
            new = ast.copy_location(ast.Name(name, ast.Load()), node)
            new.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
            self.flow.vals[id(new)] = self.flow.val(node)
            return new
        return self.generic_visit(node)


def copy_tree(node: ast.stmt, flow: Flow) -> ast.stmt:
    """Copy a statement together with what is known about its expressions."""
    memo: dict[int, object] = {}
    new = copy.deepcopy(node, memo)
    for old in walk(node):
        twin = memo.get(id(old))
        if twin is None:
            continue
        twin.twin = id(old)  # type: ignore[attr-defined]
        if id(old) in flow.vals:
            flow.vals[id(twin)] = flow.vals[id(old)]
        if id(old) in flow.rules:
            flow.rules[id(twin)] = flow.rules[id(old)]
        if id(old) in flow.assumed:
            flow.assumed[id(twin)] = flow.assumed[id(old)]
        for name, call in flow.sources.items():
            if call is old:
                twin.source_name = name  # type: ignore[attr-defined]
    flow.copies.append(new)
    return new


def stored(access: ast.expr) -> ast.expr:
    """Return the access as the target of an assignment."""
    new = copy.deepcopy(access)
    new.ctx = ast.Store()  # type: ignore[attr-defined]
    return new


def lazy(node: ast.expr) -> bool:
    """Iterators and column views must be materialised to be kept."""
    return (
        isinstance(node, ast.GeneratorExp)
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("zip", "map", "filter")
        )
        or (isinstance(node, ast.Attribute) and node.attr == "columns")
    )


def same_name(target: ast.AST, value: ast.AST) -> bool:
    """Say whether an assignment would give a variable to itself."""
    return isinstance(target, ast.Name) and isinstance(value, ast.Name) and target.id == value.id


def with_names(rewriter: Rewriter, node: ast.stmt) -> ast.stmt:
    """Return a copy of a statement that reads learned variables from the state."""
    return NameMap(rewriter.names).visit(copy.deepcopy(node))  # type: ignore[no-any-return]
