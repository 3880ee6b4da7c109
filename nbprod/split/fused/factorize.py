"""``pd.factorize(x)``: the codes follow the order in which training met the values."""

from __future__ import annotations

import ast

from nbprod.split.naming import describe
from nbprod.split.rewrite import Rewriter


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return ``(codes, uniques)`` from the learned uniques."""
    assert isinstance(node, ast.Call)
    method = isinstance(node.func, ast.Attribute) and rewriter.flow.val(node.func.value).is_row
    data = node.func.value if method else node.args[0]  # type: ignore[attr-defined]
    rows = rewriter.serve(data)
    rewriter.learned.runtime.add("codes_of")
    learn = ast.Subscript(rewriter.fit(node), ast.Constant(1), ast.Load())
    index = ast.Call(ast.Attribute(ast.Name("pd", ast.Load()), "Index", ast.Load()), [learn], [])
    access = rewriter.learn(
        f"{describe(data)}_values", index, node, "categories", "pd.Index", "any"
    )
    codes = ast.Call(ast.Name("codes_of", ast.Load()), [rows, access], [])
    return ast.Tuple([codes, access], ast.Load())
