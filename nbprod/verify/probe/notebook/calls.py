"""Mark the calls of a cell that fit, predict or read, without changing what they do.

``model.fit(X, y)`` becomes ``__nbprod_at__(model.fit, "fit", 9, 2)(X, y)``: the recorder sees the bound
method of any library, and lines stay as they are.
"""

from __future__ import annotations

import ast

MARKER = "__nbprod_at__"
FITS = frozenset(("fit", "fit_predict", "fit_transform", "fit_resample", "train", "partial_fit"))
ANSWERS = frozenset(("predict", "predict_proba", "decision_function", "predict_classes"))
HOLDERS = frozenset(("DMatrix", "QuantileDMatrix", "Dataset", "Pool"))


class Marker(ast.NodeTransformer):
    """Wraps the callee of every call worth recording."""

    def __init__(self, cell: int) -> None:
        self.cell = cell

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = _name(node.func)
        if name in FITS or name in ANSWERS or name in HOLDERS or name.startswith("read_"):
            marker = ast.Name(id=MARKER, ctx=ast.Load())
            places = [_constant(name), _constant(self.cell), _constant(node.lineno)]
            wrapped = ast.Call(func=marker, args=[node.func, *places], keywords=[])
            for part in (marker, wrapped, *places):
                ast.copy_location(part, node.func)
            node.func = wrapped
        return node


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _constant(value: object) -> ast.expr:
    return ast.parse(repr(value), mode="eval").body


def spans(tree: ast.Module) -> list[list[int]]:
    """Return first and last line of every statement, outer ones first."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            lines = [getattr(child, "lineno", node.lineno) for child in ast.walk(node)]
            found.append([node.lineno, max(lines)])
    return found
