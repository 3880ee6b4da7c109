"""``boxcox(x)`` of SciPy: the power that makes training values most normal is learned."""

from __future__ import annotations

import ast

from nbprod.split.naming import describe
from nbprod.split.rewrite import Rewriter


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return ``(values, power)`` with the learned power, which SciPy takes as a second argument."""
    assert isinstance(node, ast.Call)
    learn = ast.Subscript(rewriter.fit(node), ast.Constant(1), ast.Load())
    made = ast.Call(ast.Name("float", ast.Load()), [learn], [])
    access = rewriter.learn(
        f"{describe(node.args[0])}_power", made, node, "statistic", "float", "json"
    )
    values = ast.Call(node.func, [rewriter.serve(node.args[0]), access], [])
    return ast.Tuple([values, access], ast.Load())
