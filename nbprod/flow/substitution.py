"""Copies of statements with other names in them, and questions about what they assign and read."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import TypeVar

from nbprod.flow.comments import COMMENTS
from nbprod.flow.tree import walk

N = TypeVar("N", bound=ast.AST)


class Names(ast.NodeTransformer):
    """Put expressions in the place of names."""

    def __init__(self, names: dict[str, ast.expr]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        value = self.names.get(node.id)
        if value is None:
            return node
        if isinstance(node.ctx, ast.Load):
            new = copy.deepcopy(value)
        elif isinstance(value, ast.Name):
            new = ast.Name(value.id, node.ctx)
        else:
            return node
        ast.copy_location(new, node)
        for part in walk(new):
            part.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
        return new

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        hidden = {a.arg for a in [*node.args.args, *node.args.kwonlyargs]}
        inner = Names({k: v for k, v in self.names.items() if k not in hidden})
        node.body = inner.visit(node.body)
        return node


class Replace(ast.NodeTransformer):
    """Put one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.expr) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else super().visit(node)


def copy_except(node: ast.expr, keep: ast.AST) -> ast.expr:
    """Copy an expression, all but one node of it."""
    return copy.deepcopy(node, {id(keep): keep})


def substitute(node: N, names: dict[str, ast.expr]) -> N:
    """Return a copy with expressions in the place of names."""
    return Names(names).visit(copy.deepcopy(node))  # type: ignore[no-any-return]


def names_at_top(body: list[ast.stmt]) -> set[str]:
    """Return the names that a program uses outside its functions and classes."""
    return {
        n.id
        for s in body
        if not isinstance(s, (ast.FunctionDef, ast.ClassDef))
        for n in walk(s)
        if isinstance(n, ast.Name)
    }


def like(template: ast.stmt, node: ast.stmt) -> ast.stmt:
    """Place a new statement where another one stands, with its comments."""
    ast.copy_location(node, template)
    for attribute in ("cell", *COMMENTS, "via", "helper"):
        if hasattr(template, attribute):
            setattr(node, attribute, getattr(template, attribute))
    for part in walk(node):
        if not hasattr(part, "cell"):
            part.cell = getattr(template, "cell", 1)  # type: ignore[attr-defined]
        if isinstance(part, ast.expr) and not hasattr(part, "lineno"):
            ast.copy_location(part, template)
    return node


def assigned_names(body: list[ast.stmt]) -> set[str]:
    """Return the variables that statements assign."""
    names: set[str] = set()
    for statement in body:
        for node in outside_functions(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                names.add(node.name)
    return names


def reads(body: list[ast.stmt], before: str) -> set[str]:
    """Return the names that the body reads (a local renamed to one of them would capture it)."""
    return {
        n.id
        for s in body
        for n in walk(s)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id != before
    } - assigned_names(body)


def outside_functions(root: ast.AST, skip_root: bool = False) -> Iterator[ast.AST]:
    """Walk a tree without entering nested functions and comprehensions' scopes."""
    stack: list[ast.AST] = [root]
    while stack:
        node = stack.pop(0)
        yield node
        if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef)) and not (
            skip_root and node is root
        ):
            continue
        stack = [*ast.iter_child_nodes(node), *stack]


def is_short(node: ast.expr) -> bool:
    """Say whether an expression may be repeated: it is small and calls nothing."""
    return len(ast.dump(node)) < 400 and not any(
        isinstance(n, (ast.Call, ast.Lambda, ast.ListComp)) for n in walk(node)
    )


def elements(node: ast.expr | None) -> list[ast.expr]:
    """Return the elements of a tuple or list, or the node alone."""
    if node is None:
        return []
    return list(node.elts) if isinstance(node, (ast.Tuple, ast.List)) else [node]


def target_names(target: ast.expr | None) -> list[str]:
    """Return the variables of an assignment target, "" for other targets."""
    return [e.id if isinstance(e, ast.Name) else "" for e in elements(target)]


def as_load(node: ast.expr) -> ast.expr:
    """Return a copy of a target as an expression that is read."""
    new = copy.deepcopy(node)
    for part in walk(new):
        if hasattr(part, "ctx"):
            part.ctx = ast.Load()
    return new
