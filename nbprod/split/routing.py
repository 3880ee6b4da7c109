"""Rows that are chosen, worked on and written back: serving must choose them too.

``unknown = df[df["Age"].isnull()]`` followed by ``df.loc[df["Age"].isnull(), "Age"] = model.predict(unknown)``
keeps every row, while a filter on the way to the features drops rows and belongs to training alone.
"""

from __future__ import annotations

import ast

from nbprod.flow.scope import base_name
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.split.sinks import Sink, statements


def routing_axes(flow: Flow, sink: Sink) -> set[int]:
    """Return the row axes beside the path to the features whose values go back into columns."""
    carrier = _lineage(flow, sink.x) | _lineage(flow, sink.y)
    found: set[int] = set()
    for statement, _ in statements(flow.body):
        if not isinstance(statement, ast.Assign) or not _writes_a_column(statement):
            continue
        for part in walk(statement.value):
            val = flow.val(part)
            axis = val.axis if val.is_row else None
            while axis is not None and axis not in carrier and flow.axes[axis].how == "filter":
                found.add(axis)
                axis = flow.axes[axis].parent
    return found


def is_routed(flow: Flow, node: ast.Assign) -> bool:
    """Say whether row selections in an assignment are repeated when serving."""
    val = flow.val(node.value)
    return _writes_a_column(node) or (val.is_row and val.axis in flow.routing)


def _writes_a_column(node: ast.Assign) -> bool:
    return any(isinstance(t, (ast.Subscript, ast.Attribute)) and base_name(t) for t in node.targets)


def _lineage(flow: Flow, node: ast.expr | None) -> set[int]:
    found: set[int] = set()
    if node is None:
        return found
    for part in walk(node):
        axis = flow.val(part).axis
        while axis is not None and axis not in found:
            found.add(axis)
            axis = flow.axes[axis].parent
    return found
