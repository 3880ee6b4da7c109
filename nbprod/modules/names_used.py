"""Which variables statements read, bind and change."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nbprod.flow.tree import walk


@dataclass(frozen=True)
class Names:
    """The variables of some statements.

    ``order`` has all of them as they are met, ``read`` those loaded or changed in place, ``written`` those bound, loop
    variables included but those of comprehensions not, ``mutated`` those whose objects may change.
    """

    order: tuple[str, ...]
    read: frozenset[str]
    written: frozenset[str]
    mutated: frozenset[str]


def names_of(statements: Iterable[ast.AST]) -> Names:
    """Return what statements do with variables."""
    order: dict[str, None] = {}
    read: set[str] = set()
    stored: list[ast.Name] = []
    inner: set[int] = set()  # a name bound in a comprehension may be bound outside it, too
    mutated: set[str] = set()
    for part in (part for statement in statements for part in walk(statement)):
        if isinstance(part, ast.Name):
            order[part.id] = None
            if isinstance(part.ctx, ast.Load):
                read.add(part.id)
            elif isinstance(part.ctx, ast.Store):
                stored.append(part)
        elif isinstance(part, (ast.Subscript, ast.Attribute)):
            if not isinstance(part.ctx, ast.Load):
                root: ast.AST = part
                while isinstance(root, (ast.Subscript, ast.Attribute)):
                    root = root.value
                if isinstance(root, ast.Name):
                    mutated.add(root.id)
        elif isinstance(part, ast.Expr):
            if isinstance(part.value, ast.Call):
                mutated |= {n.id for n in walk(part.value) if isinstance(n, ast.Name)}
        elif isinstance(part, ast.AugAssign):
            read |= _stored(part.target)
        elif isinstance(part, (ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)):
            for generator in part.generators:
                inner.update(id(n) for n in walk(generator.target))
    written = {n.id for n in stored if id(n) not in inner}
    return Names(tuple(order), *map(frozenset, (read, written, mutated)))


def _stored(node: ast.AST) -> set[str]:
    return {n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _loaded(node: ast.AST) -> set[str]:
    return {n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def names_in(statement: ast.AST) -> Names:
    """Return what one statement does with variables."""
    return names_of([statement])


def together(each: Iterable[Names]) -> Names:
    """Return what statements do with variables, from what each of them does."""
    order: dict[str, None] = {}
    read: set[str] = set()
    written: set[str] = set()
    mutated: set[str] = set()
    for names in each:
        order.update(dict.fromkeys(names.order))
        read |= names.read
        written |= names.written
        mutated |= names.mutated
    return Names(tuple(order), *map(frozenset, (read, written, mutated)))


def read_first(body: list[ast.stmt], known: Callable[[ast.stmt], Names] = names_in) -> set[str]:
    """Return the names that are loaded before the statements surely bind them; ``known`` remembers ``names_in``."""
    found: set[str] = set()

    def visit(statements: list[ast.stmt], bound: set[str]) -> set[str]:
        for node in statements:
            if isinstance(node, ast.If):
                found.update(_loaded(node.test) - bound)
                one = visit(node.body, set(bound))
                two = visit(node.orelse, set(bound))
                bound = (
                    bound | (one & two)
                    if not (getattr(node, "guard", False) and not node.orelse)
                    else bound | one
                )
            elif isinstance(node, ast.For):
                found.update(_loaded(node.iter) - bound)
                visit(node.body, bound | _stored(node.target))
            elif isinstance(node, (ast.With, ast.Try, ast.While)):
                found.update(_loaded(node) - bound)
            else:
                names = known(node)
                found.update(names.read - bound)
                bound = bound | names.written
        return bound

    visit(body, set())
    return found


def surely_written(body: list[ast.stmt], known: Callable[[ast.stmt], Names] = names_in) -> set[str]:
    """Return the names bound on every path, training or serving; ``known`` remembers ``names_in``."""
    sure: set[str] = set()
    for node in body:
        if isinstance(node, ast.If):
            if node.orelse:
                sure |= surely_written(node.body, known) & surely_written(node.orelse, known)
        elif isinstance(node, (ast.For, ast.While, ast.Try)):
            continue
        elif isinstance(node, ast.With):
            sure |= surely_written(node.body, known)
        else:
            sure |= known(node).written
    return sure


__all__ = ["Names", "names_in", "names_of", "read_first", "surely_written", "together"]
