"""Tables whose rows are numbered from nought although they come from others: ``pd.DataFrame(scaler.transform(X), columns=...)``.

Their labels say nothing about the raw rows behind them.
"""

from __future__ import annotations

import ast

from nbprod.flow.scope import base_name, keyword
from nbprod.flow.values import Flow
from nbprod.split.sinks import statements

MAKERS = ("pandas.DataFrame", "pandas.Series", "pandas.DataFrame.from_records")
ALIGNED = ("pandas.concat",)


def numbered_anew(flow: Flow, node: ast.expr, before: ast.stmt) -> bool:
    """Say whether the rows of a table, as it is just before a statement, got their labels from their places."""
    listed: list[ast.stmt] = []
    for statement, _ in statements(flow.body):
        if statement is before:
            break
        listed.append(statement)
    return _numbered(flow, node, listed)


def _numbered(flow: Flow, node: ast.expr, listed: list[ast.stmt]) -> bool:
    if isinstance(node, ast.Name):
        for position in range(len(listed) - 1, -1, -1):
            statement = listed[position]
            if isinstance(statement, ast.Assign) and any(
                isinstance(t, ast.Name) and t.id == node.id for t in statement.targets
            ):
                return _numbered(flow, statement.value, listed[:position])
        return False
    if isinstance(node, ast.Call):
        made = flow.val(node.func).qual
        if made in MAKERS:
            return (
                bool(node.args) and keyword(node, "index") is None and _of_array(flow, node.args[0])
            )
        if made in ALIGNED:
            return bool(node.args) and any(
                _numbered(flow, part, listed) for part in getattr(node.args[0], "elts", [])
            )
    root = base_name(node)
    return root is not None and _numbered(flow, ast.Name(root, ast.Load()), listed)


def _of_array(flow: Flow, node: ast.expr) -> bool:
    return flow.val(node).kind in ("array", "sparse")


__all__ = ["numbered_anew"]
