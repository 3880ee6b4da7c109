"""``sm.add_constant(X)``: one row is constant in every column, and gets the column all the same."""

from __future__ import annotations

import ast

from nbprod.flow.scope import keyword
from nbprod.split.rewrite import Rewriter


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return the call that always adds the column, as training did."""
    assert isinstance(node, ast.Call)
    keywords = [ast.keyword(k.arg, rewriter.serve(k.value)) for k in node.keywords]
    if len(node.args) < 3 and keyword(node, "has_constant") is None:
        keywords.append(ast.keyword("has_constant", ast.Constant("add")))
    return ast.Call(rewriter.serve(node.func), [rewriter.serve(a) for a in node.args], keywords)
