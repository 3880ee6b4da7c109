"""Lists and arrays of row values that are put into another order where they are."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.split.served import path_of
from nbprod.split.sinks import Sink, statements

METHODS = ("sort", "reverse", "insert", "pop", "rotate", "partition")


def reordered_in_place(flow: Flow, sink: Sink, served: list[ast.stmt]) -> Iterator[Finding]:
    """Yield a finding for ``values.sort()`` and ``np.random.shuffle(values)`` where serving reads the values later."""
    body = [node for node, _ in statements(flow.body)]
    for position, node in enumerate(body):
        if node is sink.statement:
            return
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
            continue
        name = _changed(flow, node.value)
        if not name:
            continue
        later = set(map(id, body[position + 1 :]))
        if any(
            isinstance(n, ast.Name) and n.id == name
            for s in served
            if id(s) in later
            for n in walk(s)
        ):
            yield Finding(
                "E-CROSS-ROW",
                f"{ast.unparse(node)[:80]} gives rows the values of other rows",
                origin(node),
                ast.unparse(node)[:200],
                "keep each value with its row; sort the whole table where the order of training matters",
            )


def _changed(flow: Flow, call: ast.Call) -> str:
    """Return the variable whose order a call changes, or an empty string."""
    function = call.func
    if not isinstance(function, ast.Attribute):
        return ""
    if function.attr == "shuffle" and call.args and isinstance(call.args[0], ast.Name):
        shuffled = call.args[0]
        val = flow.val(shuffled)
        known = (
            path_of(flow, function).startswith(("numpy.random", "random"))
            or flow.val(function.value).kind == "rng"
        )
        return shuffled.id if known and val.is_row and val.kind != "frame" else ""
    if function.attr in METHODS and isinstance(function.value, ast.Name):
        val = flow.val(function.value)
        return function.value.id if val.is_row and val.kind in ("series", "array", "list") else ""
    return ""


__all__ = ["reordered_in_place"]
