"""``x.cat.codes``: plain once the categories are pinned."""

from __future__ import annotations

import ast

from nbprod.split.rewrite import Rewriter


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return the same accessor on the rewritten column."""
    assert isinstance(node, ast.Attribute)
    if not isinstance(node.value, ast.Attribute):  # of ``pd.Categorical(...)``
        return ast.Attribute(rewriter.serve(node.value), node.attr, ast.Load())
    inner = ast.Attribute(rewriter.serve(node.value.value), node.value.attr, ast.Load())
    return ast.Attribute(inner, node.attr, ast.Load())
