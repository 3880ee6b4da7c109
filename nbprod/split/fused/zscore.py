"""``scipy.stats.zscore(x)``: mean and standard deviation (of the population) are learned."""

from __future__ import annotations

import ast

from nbprod.split.naming import describe
from nbprod.split.rewrite import Rewriter


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return ``(x - mean) / deviation``."""
    assert isinstance(node, ast.Call)
    data = node.args[0]
    mean, deviation = (_learned(rewriter, node, data, what) for what in ("mean", "std"))
    return ast.BinOp(ast.BinOp(rewriter.serve(data), ast.Sub(), mean), ast.Div(), deviation)


def _learned(rewriter: Rewriter, node: ast.Call, data: ast.expr, what: str) -> ast.expr:
    """Learn one statistic of the values as an array: pandas divides by ``n - 1``, SciPy by ``n``."""
    values = rewriter.fit(data)
    if rewriter.flow.val(data).kind in ("frame", "series"):
        values = ast.Call(ast.Attribute(values, "to_numpy", ast.Load()), [], [])
    axis = [ast.keyword("axis", ast.Constant(0))]
    made = ast.Call(ast.Attribute(values, what, ast.Load()), [], axis)
    place = ast.copy_location(ast.Name(what, ast.Load()), node)
    place.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
    place.twin = (getattr(node, "twin", id(node)), what)  # type: ignore[attr-defined]
    rewriter.flow.vals[id(place)] = rewriter.flow.val(node)
    return rewriter.learn(f"{describe(data)}_{what}", made, place, "statistic", "Any", "any")
