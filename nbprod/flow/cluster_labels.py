"""``kmeans.labels_`` are what the clusterer says of the rows that it was fitted on: written as a prediction.

The labels are aligned with rows, so they are no learned value; a request gets its own.
"""

from __future__ import annotations

import ast
import copy

from nbprod.flow.statsmodels_calls import imported, qualified
from nbprod.flow.substitution import is_short
from nbprod.flow.tree import walk

CLUSTERERS = ("KMeans", "MiniBatchKMeans")  # their predictions for those rows are their labels
FITS = ("fit", "fit_predict", "fit_transform")


def as_predictions(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the program with the labels of a fitted clusterer as its predictions (the same list when there are none)."""
    if not any(isinstance(n, ast.Attribute) and n.attr == "labels_" for s in body for n in walk(s)):
        return body
    imports = imported(body)
    clusterers: set[str] = set()
    fitted: dict[str, ast.expr] = {}
    out: list[ast.stmt] = []
    for node in body:
        used = _Labels(fitted)
        if any(isinstance(n, ast.Attribute) and n.attr == "labels_" for n in walk(node)):
            node = used.visit(copy.deepcopy(node))
        out.append(node)
        _forget(node, fitted)
        _follow(node, imports, clusterers, fitted)
    return out


class _Labels(ast.NodeTransformer):
    def __init__(self, fitted: dict[str, ast.expr]) -> None:
        self.fitted = fitted

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if node.attr == "labels_" and isinstance(node.value, ast.Name):
            rows = self.fitted.get(node.value.id)
            if rows is not None:
                method = ast.Attribute(node.value, "predict", ast.Load())
                call = ast.Call(method, [copy.deepcopy(rows)], [])
                for part in walk(call):
                    part.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
                    ast.copy_location(part, node)
                return call
        return self.generic_visit(node)


def _forget(node: ast.stmt, fitted: dict[str, ast.expr]) -> None:
    """Drop what was fitted on tables that a statement changes."""
    changed = {n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    for part in walk(node):
        inplace = isinstance(part, ast.Call) and any(k.arg == "inplace" for k in part.keywords)
        stored = isinstance(part, (ast.Subscript, ast.Attribute)) and not isinstance(
            part.ctx, ast.Load
        )
        if inplace or stored:
            changed |= {n.id for n in walk(part) if isinstance(n, ast.Name)}
    for name in list(fitted):
        if {n.id for n in walk(fitted[name]) if isinstance(n, ast.Name)} & changed:
            del fitted[name]


def _follow(
    node: ast.stmt, imports: dict[str, str], clusterers: set[str], fitted: dict[str, ast.expr]
) -> None:
    """Note clusterers that are made, and fitted."""
    if not isinstance(node, (ast.Assign, ast.Expr)):
        return
    call = node.value
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    name = target.id if isinstance(target, ast.Name) else ""
    if name:
        clusterers.discard(name)
        fitted.pop(name, None)
    if not isinstance(call, ast.Call):
        return
    if name and _is_clusterer(imports, call):
        clusterers.add(name)
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in FITS and call.args):
        return
    receiver, rows = call.func.value, call.args[0]
    made = isinstance(receiver, ast.Call) and _is_clusterer(imports, receiver)
    if name and made and call.func.attr == "fit":
        clusterers.add(name)
        receiver = ast.Name(name, ast.Load())
    if isinstance(receiver, ast.Name) and receiver.id in clusterers and is_short(rows):
        fitted[receiver.id] = rows
        if isinstance(node, ast.Expr):
            call.func.attr = "fit"  # nobody looks at what else it returns


def _is_clusterer(imports: dict[str, str], call: ast.Call) -> bool:
    return qualified(imports, call.func).rpartition(".")[2] in CLUSTERERS


__all__ = ["as_predictions"]
