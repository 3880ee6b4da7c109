"""``pd.qcut`` and ``pd.cut`` with a number of bins: the edges are learned."""

from __future__ import annotations

import ast
import copy

from nbprod.flow.scope import keyword, literal
from nbprod.split.naming import describe
from nbprod.split.rewrite import Rewriter


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return ``pd.cut(x, state.bins, ...)`` after ``state.bins = pd.qcut(x, 4, retbins=True)[1]``."""
    assert isinstance(node, ast.Call)
    name = (
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "cut")
    )
    quantiles = name == "qcut"
    data = node.args[0] if node.args else keyword(node, "x")
    assert data is not None
    learn = copy.deepcopy(node)
    learn.keywords = [k for k in learn.keywords if k.arg != "retbins"]
    learn.keywords.append(ast.keyword("retbins", ast.Constant(True)))
    expression = ast.Subscript(rewriter.fit(learn), ast.Constant(1), ast.Load())
    access = rewriter.learn(f"{describe(data)}_bins", expression, node, "bins", "np.ndarray", "any")
    labels = keyword(node, "labels") or (node.args[2] if quantiles and len(node.args) > 2 else None)
    keywords = [ast.keyword("bins", access)]
    if labels is not None:
        keywords.append(ast.keyword("labels", rewriter.serve(labels)))
    if quantiles:
        keywords.append(ast.keyword("include_lowest", ast.Constant(True)))
    for item in node.keywords:
        if item.arg in ("right", "ordered", "precision") or (
            item.arg == "include_lowest" and not quantiles
        ):
            keywords.append(ast.keyword(item.arg, rewriter.serve(item.value)))
    function = rewriter.serve(node.func)
    if isinstance(function, ast.Attribute):
        function = ast.Attribute(function.value, "cut", ast.Load())
    else:
        rewriter.learned.imports.add(("pandas", "cut"))
        function = ast.Name("cut", ast.Load())
    if literal(keyword(node, "retbins")) is True:
        keywords.append(ast.keyword("retbins", ast.Constant(True)))
    return ast.Call(function, [rewriter.serve(data)], keywords)
