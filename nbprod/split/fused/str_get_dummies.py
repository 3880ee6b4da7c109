"""``x.str.get_dummies(sep)``: the columns are those of the training rows."""

from __future__ import annotations

import ast

from nbprod.split.naming import describe
from nbprod.split.rewrite import Rewriter


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return the dummies reindexed to the learned columns."""
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Attribute)
    assert isinstance(node.func.value, ast.Attribute)
    rows = rewriter.serve(node.func.value.value)
    accessor = ast.Attribute(ast.Attribute(rows, "str", ast.Load()), "get_dummies", ast.Load())
    made = ast.Call(accessor, list(node.args), list(node.keywords))
    listed = ast.Call(
        ast.Name("list", ast.Load()), [ast.Attribute(made, "columns", ast.Load())], []
    )
    access = rewriter.learn(
        f"{describe(node.func.value.value)}_columns", listed, node, "columns", "list[str]", "json"
    )
    keywords = [ast.keyword("columns", access), ast.keyword("fill_value", ast.Constant(0))]
    return ast.Call(ast.Attribute(made, "reindex", ast.Load()), [], keywords)
