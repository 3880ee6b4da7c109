"""Features that are computed from the label of their own row."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.flow.scope import literal
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.split.rewrite import FIT_ONLY
from nbprod.split.sinks import Sink


def target_leaks(flow: Flow, served: list[ast.stmt], sink: Sink, column: str) -> Iterator[Finding]:
    """Yield a finding where a statement that serving repeats reads the label of the row.

    A value that was learned from the labels of the training rows is no such reading.
    """
    if not column:
        return
    for node in served:
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(_is_column(flow, t, column) for t in targets):
                continue
            parts = _rows_read(flow, node.value)
            read = next((part for part in parts if _is_column(flow, part, column)), None)
            if read is None or _goes_back(flow, node, served, column):
                continue
            yield Finding(
                "E-TARGET-LEAK",
                f"{ast.unparse(node).splitlines()[0][:80]} reads the label {column!r} of the row that it makes a feature for; "
                "a request has no label yet",
                origin(read),
                ast.unparse(node).splitlines()[0][:200],
                f"leave {column!r} out of the features, or learn from it in the training rows and look the value up",
            )


def _goes_back(flow: Flow, node: ast.stmt, served: list[ast.stmt], column: str) -> bool:
    """Say whether a variable, as in ``y = df.y``, is only read to write the label column again."""
    if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
        return False
    name = node.targets[0].id
    readers = [
        s
        for s in served
        if any(
            isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)
            for n in walk(s)
        )
    ]
    return bool(readers) and all(
        isinstance(s, ast.Assign)
        and (flow.rule(s.value) == "split" or all(_is_column(flow, t, column) for t in s.targets))
        for s in readers
    )


def _rows_read(flow: Flow, node: ast.AST) -> Iterator[ast.AST]:
    """Walk an expression, leaving out what consumes rows to learn a value."""
    if isinstance(node, ast.expr) and flow.val(node).role == "stat":
        return
    rule = flow.rule(node)
    if rule.startswith("fused:") or rule in ("cross", "fit"):
        return
    yield node
    for child in _passed_on(node) if rule in FIT_ONLY else _without_labels(node):
        yield from _rows_read(flow, child)


def _without_labels(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of an expression, but not the row labels that a table is made with."""
    name = ast.unparse(node.func).rsplit(".", 1)[-1] if isinstance(node, ast.Call) else ""
    labels: list[ast.AST] = []
    if isinstance(node, ast.Call) and name in ("DataFrame", "Series"):
        labels = [*node.args[1:2], *(k for k in node.keywords if k.arg == "index")]
    yield from (child for child in ast.iter_child_nodes(node) if child not in labels)


def _passed_on(node: ast.AST) -> list[ast.AST]:
    """Return the table whose rows a selection chooses from; what it is chosen by makes no feature."""
    if isinstance(node, ast.Subscript):
        return [node.value]
    return (
        [node.func.value]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        else []
    )


def _is_column(flow: Flow, node: ast.AST, column: str) -> bool:
    """Say whether an expression is ``df[column]`` or ``df.column`` of a table of rows."""
    if isinstance(node, ast.Subscript):
        val = flow.val(node.value)
        return val.is_row and val.kind == "frame" and literal(node.slice) == column
    if isinstance(node, ast.Attribute):
        val = flow.val(node.value)
        return val.is_row and val.kind == "frame" and node.attr == column
    return False


__all__ = ["target_leaks"]
