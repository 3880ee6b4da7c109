"""The statements, functions and classes of a notebook that run again for every request."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbprod.flow.tree import own_expressions, walk
from nbprod.flow.values import Flow
from nbprod.split.marks import Slices
from nbprod.split.sinks import Sink, statements


def served(flow: Flow, slices: Slices, sink: Sink) -> Iterator[ast.stmt]:
    """Yield the statements before the fit that serving repeats, functions and classes that it calls among them.

    A statement that reads data is left out, and so is one that only says where the data lies: the read is part of
    ``data.py``.
    """
    kept: list[ast.stmt] = []
    for node, _ in statements(flow.body):
        if node is sink.statement:
            break
        mark = slices.marks.get(id(node))
        if mark is None or not mark.serve or mark.store:
            continue
        parts = [e for e in own_expressions(node) if isinstance(e, ast.expr)]
        if not any(flow.rule(e) == "source" for e in parts):
            kept.append(node)
    yield from _without_places(flow, kept, sink)


def _without_places(flow: Flow, kept: list[ast.stmt], sink: Sink) -> list[ast.stmt]:
    """Leave out constants that no other statement of the list reads: ``folder = Path.cwd()`` is for the read alone."""
    while True:
        loaded = _loaded([*kept, sink.statement])
        rest = [
            node
            for node in kept
            if not (
                isinstance(node, ast.Assign)
                and len(node.targets) == 1
                and isinstance(node.targets[0], ast.Name)
                and flow.val(node.value).role == "const"
                and node.targets[0].id not in loaded
            )
        ]
        if len(rest) == len(kept):
            return kept
        kept = rest


def _loaded(nodes: list[ast.stmt]) -> set[str]:
    return {
        part.id
        for node in nodes
        for part in parts_of(node)
        if isinstance(part, ast.Name)
        and (isinstance(part.ctx, ast.Load) or isinstance(node, ast.AugAssign))
    }


def parts_of(node: ast.stmt) -> Iterator[ast.AST]:
    """Yield what a statement itself consists of: all of a function, but not the blocks of a compound statement."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield from walk(node)
    else:
        yield from own_expressions(node)


BUILTINS = ("open", "input", "exec", "eval", "hash", "id")


def path_of(flow: Flow, node: ast.AST) -> str:
    """Return the qualified name of an imported or builtin thing, or an empty string."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    root = flow.imports.get(node.id) or (
        f"builtins.{node.id}" if node.id in BUILTINS and node.id not in flow.final else ""
    )
    return ".".join([root, *parts]) if root else ""


__all__ = ["parts_of", "path_of", "served"]
