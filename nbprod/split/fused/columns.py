"""``df.dropna(axis=1)``, ``df.select_dtypes(...)``: the columns chosen on the training rows."""

from __future__ import annotations

import ast

from nbprod.split.rewrite import Rewriter


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return ``df[state.columns]``."""
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Attribute)
    rows = rewriter.serve(node.func.value)
    chosen = ast.Call(
        ast.Attribute(rows, node.func.attr, ast.Load()),
        [rewriter.fit(a) for a in node.args],
        [ast.keyword(k.arg, rewriter.fit(k.value)) for k in node.keywords if k.arg != "inplace"],
    )
    listed = ast.Call(
        ast.Name("list", ast.Load()), [ast.Attribute(chosen, "columns", ast.Load())], []
    )
    wanted = "kept_columns" if node.func.attr == "dropna" else "typed_columns"
    access = rewriter.learn(wanted, listed, node, "columns", "list[Any]", "json")
    return ast.Subscript(rows, access, ast.Load())
