"""``x.astype("category")``: the categories are those of the training rows."""

from __future__ import annotations

import ast

from nbprod.split.naming import describe
from nbprod.split.rewrite import Rewriter


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return ``x.astype(state.dtype)``."""
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Attribute)
    data = node.func.value
    frame = rewriter.flow.val(data).kind == "frame"
    rows = rewriter.serve(data)
    made = ast.Call(
        ast.Attribute(rows, "astype", ast.Load()),
        [rewriter.fit(a) for a in node.args],
        [ast.keyword(k.arg, rewriter.fit(k.value)) for k in node.keywords],
    )
    attribute = "dtypes" if frame else "dtype"
    learned: ast.expr = ast.Attribute(made, attribute, ast.Load())
    if frame:
        learned = ast.Call(ast.Attribute(learned, "to_dict", ast.Load()), [], [])
    annotation = "dict[Any, Any]" if frame else "pd.CategoricalDtype"
    access = rewriter.learn(
        f"{describe(data)}_dtype", learned, node, "categories", annotation, "any"
    )
    return ast.Call(ast.Attribute(rows, "astype", ast.Load()), [access], [])
