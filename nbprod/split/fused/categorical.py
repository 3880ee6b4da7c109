"""``pd.Categorical(x)``: the categories are those of the training rows."""

from __future__ import annotations

import ast

from nbprod.split.naming import describe
from nbprod.split.rewrite import Rewriter


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return ``pd.Categorical(x, categories=state.categories)``."""
    assert isinstance(node, ast.Call)
    data = node.args[0]
    learn = ast.Attribute(rewriter.fit(node), "categories", ast.Load())
    access = rewriter.learn(
        f"{describe(data)}_categories", learn, node, "categories", "pd.Index", "any"
    )
    keywords = [ast.keyword(k.arg, rewriter.serve(k.value)) for k in node.keywords]
    pinned = ast.keyword("categories", access)
    return ast.Call(node.func, [rewriter.serve(data)], [pinned, *keywords])
