"""Numbers into bins."""

from __future__ import annotations

import ast

from nbprod.kernel.expressions import Expressions
from nbprod.kernel.rules import function
from nbprod.kernel.values import Kind, Lowered, NotLowered


@function("pandas.cut")
def cut(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``pd.cut(x, bins, labels=False)``, or with labels that become text or numbers at once"""
    given = low.bind(call, "x", "bins", "right", "labels", "retbins", "precision", "include_lowest")
    if low.constant(given.get("retbins"), False):
        raise NotLowered("bins that are returned", call)
    column = low.column(given["x"])
    labels = given.get("labels")
    if not isinstance(labels, ast.Constant) or labels.value is not False:
        raise NotLowered("bins with labels, which are categories", call)
    bins = low.expect(given["bins"], "plain", "learned")
    if isinstance(bins.node, ast.Constant):
        raise NotLowered("a number of bins that was not learned", call)
    options = {k: given[k] for k in ("right", "include_lowest") if k in given}
    for value in options.values():
        low.constant(value)
    kind = Kind("column", "number", column.kind.label, column.kind.where)
    return low.vector("cut", column, bins, kind=kind, **options)
