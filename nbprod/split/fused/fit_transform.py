"""``scaler.fit_transform(X)``: fit once while training, transform always."""

from __future__ import annotations

import ast

from nbprod.flow.estimators import class_name
from nbprod.split.rewrite import Rewriter


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return ``state.scaler.transform(X)`` after ``state.scaler = StandardScaler().fit(X)``."""
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Attribute)
    receiver = node.func.value
    cls = class_name(rewriter.flow.val(receiver).qual) or "estimator"
    first = node.args[0] if node.args else node.keywords[0].value
    rows = rewriter.serve(first)
    rest = [rewriter.fit(a) for a in node.args[1:]]
    call = ast.copy_location(ast.Call(ast.Attribute(receiver, "fit", ast.Load()), [], []), node)
    call.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
    arguments = [rows if not rewriter.selects(first) else rewriter.fit(first), *rest]
    expression = rewriter.fit_estimator(call, arguments)
    wanted = receiver.id if isinstance(receiver, ast.Name) else cls
    access = rewriter.learn(wanted, expression, node, "estimator", "Any", "estimator")
    if isinstance(receiver, ast.Name):
        rewriter.names[receiver.id] = access
    return ast.Call(ast.Attribute(access, "transform", ast.Load()), [rows], [])
