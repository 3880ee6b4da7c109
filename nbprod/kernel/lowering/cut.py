"""Numbers into bins."""

from __future__ import annotations

import ast

from nbprod.kernel.expressions import Expressions
from nbprod.kernel.rules import function
from nbprod.kernel.values import Kind, Lowered, NotLowered


@function("pandas.cut")
def cut(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``pd.cut(x, bins, labels=False)``, or with labels: categories are kept as their values"""
    given = low.bind(call, "x", "bins", "right", "labels", "retbins", "precision", "include_lowest")
    if low.constant(given.get("retbins"), False):
        raise NotLowered("bins that are returned", call)
    column = low.column(given["x"])
    labels = given.get("labels")
    if labels is None or (isinstance(labels, ast.Constant) and labels.value is not False):
        raise NotLowered("bins without labels, which are intervals", call)
    named = [] if isinstance(labels, ast.Constant) else [low.plain(labels)]
    bins = low.expect(given["bins"], "plain", "learned")
    if isinstance(bins.node, ast.Constant):
        raise NotLowered("a number of bins that was not learned", call)
    options = {k: given[k] for k in ("right", "include_lowest") if k in given}
    for value in options.values():
        low.constant(value)
    kind = Kind("column", "" if named else "number", column.kind.label, column.kind.where)
    return low.vector("cut", column, bins, *named, kind=kind, **options)
