"""Walk syntax trees: like ``ast.walk``, without operators and contexts, which nobody asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TypeVar

Tree = TypeVar("Tree", bound=ast.AST)

# fields of the grammar that never hold a node
PLAIN = frozenset(
    """arg asname attr conversion ctx id is_async kind kwd_attrs level lineno module n name op ops rest s
    simple tag type_comment""".split()
)
_fields: dict[type[ast.AST], tuple[str, ...]] = {}


def walk(root: ast.AST) -> Iterator[ast.AST]:
    """Yield ``root`` and everything below it that is no operator or context, breadth first."""
    todo = [root]
    add, extend = todo.append, todo.extend
    for node in todo:
        yield node
        # the same as ``children``, in place: this loop sees every node of a notebook a hundred times
        kind = node.__class__
        fields = _fields.get(kind)
        if fields is None:
            fields = _fields[kind] = holders(kind)
        for field in fields:
            value = getattr(node, field, None)
            if value.__class__ is list:
                extend([item for item in value if isinstance(item, ast.AST)])
            elif isinstance(value, ast.AST):
                add(value)


def children(node: ast.AST, into: list[ast.AST]) -> None:
    """Append the nodes right below ``node`` that are no operators or contexts."""
    kind = node.__class__
    fields = _fields.get(kind)
    if fields is None:
        fields = _fields[kind] = holders(kind)
    for field in fields:
        value = getattr(node, field, None)
        if value.__class__ is list:
            into.extend(item for item in value if isinstance(item, ast.AST))
        elif isinstance(value, ast.AST):
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


def holds(node: ast.stmt, statement: ast.stmt | None) -> bool:
    """Say whether a statement is another one, or has it in one of its blocks."""
    if not isinstance(getattr(node, "body", getattr(node, "cases", None)), list):
        return node is statement
    return any(n is statement for n in walk(node))


def own_expressions(node: ast.stmt) -> Iterator[ast.AST]:
    """Walk the expressions of a statement without those of the statements inside it."""
    first: list[ast.AST] = []
    children(node, first)
    stack: list[ast.AST] = [
        c for c in first if isinstance(c, (ast.expr, ast.keyword, ast.withitem))
    ]
    while stack:
        item = stack.pop()
        yield item
        children(item, stack)


def holders(kind: type[ast.AST]) -> tuple[str, ...]:
    """Return the fields of a kind of node that may hold nodes."""
    if kind is ast.Constant:
        return ()
    return tuple(name for name in kind._fields if name not in PLAIN)
