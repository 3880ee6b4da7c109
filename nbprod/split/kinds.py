"""What kind of value is learned, and how the state keeps it."""

from __future__ import annotations

import ast

from nbprod.flow.values import Val


def classify(node: ast.expr, val: Val) -> tuple[str, str, str]:
    """Return kind, annotation and codec of a learned expression."""
    last = node
    while isinstance(last, ast.Subscript):
        last = last.value
    attribute = (
        last.func.attr
        if isinstance(last, ast.Call) and isinstance(last.func, ast.Attribute)
        else ""
    )
    if isinstance(last, ast.Attribute):
        attribute = last.attr
    if val.kind in ("estimator", "model"):
        return "estimator", "Any", "estimator"
    if attribute == "columns" and last is node:
        return "columns", "list[Any]", "list"
    if isinstance(node, (ast.Compare, ast.BoolOp)):
        return "branch", "bool", "json"
    if isinstance(node, (ast.ListComp,)):
        return "list", "list[Any]", "json"
    return "statistic", "Any", "any"


def comment(kind: str, text: str) -> str:
    """Return what the state says beside a field."""
    text = " ".join(text.split())
    return f"{kind}: {text[:90]}" if kind else text[:90]
