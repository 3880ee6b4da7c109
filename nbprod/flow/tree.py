"""Walk syntax trees: like ``ast.walk``, without operators and contexts, which nobody asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TypeVar

Tree = TypeVar("Tree", bound=ast.AST)

# fields of the grammar that never hold a node
PLAIN = frozenset(
    """arg asname attr conversion ctx id is_async kind kwd_attrs level lineno module n name op ops rest s
    simple str tag type_comment""".split()
)
NO_NODES = (ast.Constant, ast.Global, ast.Nonlocal, ast.MatchSingleton)  # whatever their fields are


class _Holders(dict[type[ast.AST], tuple[str, ...]]):
    """The fields that hold a node, nodes or None, by kind of node."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        fields = () if kind in NO_NODES else tuple(f for f in kind._fields if f not in PLAIN)
        self[kind] = fields
        return fields


_HOLDERS = _Holders()


def walk(root: ast.AST) -> Iterator[ast.AST]:
    """Yield ``root`` and everything below it that is no operator or context, breadth first."""
    todo: list[ast.AST | None] = [root]
    add, extend, holders = todo.append, todo.extend, _HOLDERS
    for node in todo:
        if node is None:
            continue
        yield node
        # the same as ``children``, in place: this loop sees every node of a notebook a hundred times
        for field in holders[node.__class__]:
            value = getattr(node, field, None)
            if value.__class__ is list:
                extend(value)
            else:
                add(value)


def children(node: ast.AST, into: list[ast.AST]) -> None:
    """Append the nodes right below ``node`` that are no operators or contexts."""
    for field in _HOLDERS[node.__class__]:
        value = getattr(node, field, None)
        if value.__class__ is list:
            into.extend([item for item in value if item is not None])
        elif value is not None:
            into.append(value)


def all_statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements and those inside their blocks, in the order of ``walk``, which looks at every expression."""
    todo: list[ast.AST] = list(body)
    for node in todo:
        if isinstance(node, ast.stmt):
            yield node
        for block in ("body", "handlers", "cases", "orelse", "finalbody"):
            todo.extend(getattr(node, block, ()))


def copied(node: Tree) -> Tree:
    """Return a copy of a tree whose nodes share everything else: ``deepcopy`` takes ten times as long."""
    new = node.__class__.__new__(node.__class__)
    new.__dict__.update(node.__dict__)
    for field in node._fields:
        value = node.__dict__.get(field)
        if value.__class__ is list:
            items = [copied(item) if isinstance(item, ast.AST) else item for item in value]
            new.__dict__[field] = items
        elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
            new.__dict__[field] = copied(value)
    return new


def shallow(node: Tree) -> Tree:
    """Return another node with the same things in its fields: ``copy.copy`` takes four times as long."""
    new = node.__class__.__new__(node.__class__)
    new.__dict__.update(node.__dict__)
    return new


def holds(node: ast.stmt, statement: ast.stmt | None) -> bool:
    """Say whether a statement is another one, or has it in one of its blocks."""
    if not isinstance(getattr(node, "body", getattr(node, "cases", None)), list):
        return node is statement
    return any(n is statement for n in walk(node))


def leading(body: list[ast.stmt], statement: ast.stmt) -> list[ast.stmt]:
    """Return what runs before a statement: in the block it stands in, and in those around it."""
    found: list[ast.stmt] = []
    for node in body:
        if node is statement:
            return found
        if holds(node, statement):
            for name in ("body", "orelse", "finalbody"):
                block: list[ast.stmt] = getattr(node, name, [])
                if any(holds(inner, statement) for inner in block):
                    return found + leading(block, statement)
        found.append(node)
    return found


def own_expressions(node: ast.stmt) -> Iterator[ast.AST]:
    """Walk the expressions of a statement without those of the statements inside it."""
    first: list[ast.AST] = []
    children(node, first)
    stack: list[ast.AST] = [
        c for c in first if isinstance(c, (ast.expr, ast.keyword, ast.withitem))
    ]
    holders = _HOLDERS
    while stack:
        item = stack.pop()
        yield item
        for field in holders[item.__class__]:
            value = getattr(item, field, None)
            if value.__class__ is list:
                stack.extend([part for part in value if part is not None])
            elif value is not None:
                stack.append(value)


def is_whole_slice(node: ast.AST) -> bool:
    """Whether an index is ``:``."""
    return (
        isinstance(node, ast.Slice)
        and node.lower is None
        and node.upper is None
        and node.step is None
    )
