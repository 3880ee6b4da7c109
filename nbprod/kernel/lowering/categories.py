"""Categories and their codes."""

from __future__ import annotations

import ast

from nbprod.kernel.expressions import Expressions
from nbprod.kernel.rules import attribute, function
from nbprod.kernel.values import Kind, Lowered, NotLowered


@attribute("category", "cat", "values")
def accessor(low: Expressions, node: ast.Attribute, base: Lowered) -> Lowered:
    """``.cat`` of categories waits for what follows."""
    return base


@attribute("category", "codes")
def codes(low: Expressions, node: ast.Attribute, base: Lowered) -> Lowered:
    """``df["a"].astype(state.a_dtype).cat.codes``"""
    assert isinstance(base.node, ast.Tuple)
    kind = Kind("column", "number", base.kind.label, base.kind.where)
    return low.vector("category_codes", *base.node.elts, kind=kind)


@function("pandas.Categorical")
def categorical(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``pd.Categorical(values, categories=known)``"""
    given = low.bind(call, "values", "categories", ignored=("ordered",))
    if "categories" not in given:
        raise NotLowered("categories that are not known", call)
    values = low.column(given["values"])
    known = low.plain(given["categories"])
    return Lowered(
        ast.Tuple([values.node, known], ast.Load()), Kind("category", "", None, values.kind.where)
    )


@function("codes_of")
def positions(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``codes_of(values, known)`` of ``replay.py``"""
    given = low.bind(call, "values", "known")
    values = low.column(given["values"])
    kind = Kind("column", "number", values.kind.label, values.kind.where)
    return low.vector("positions", values, low.plain(given["known"]), kind=kind)
