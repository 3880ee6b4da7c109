"""Arithmetic and comparison by methods, rounding, limits."""

from __future__ import annotations

import ast

from nbprod.kernel.expressions import Expressions
from nbprod.kernel.rules import method
from nbprod.kernel.values import Kind, Lowered, NotLowered

OPERATORS: dict[str, ast.operator] = {
    "add": ast.Add(), "sub": ast.Sub(), "subtract": ast.Sub(), "mul": ast.Mult(), "multiply": ast.Mult(),
    "div": ast.Div(), "divide": ast.Div(), "truediv": ast.Div(), "floordiv": ast.FloorDiv(), "mod": ast.Mod(),
    "pow": ast.Pow(),
}  # fmt: skip
COMPARISONS: dict[str, ast.cmpop] = {
    "gt": ast.Gt(), "ge": ast.GtE(), "lt": ast.Lt(), "le": ast.LtE(), "eq": ast.Eq(), "ne": ast.NotEq(),
}  # fmt: skip


@method("column", *OPERATORS)
def operation(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].sub(b)``"""
    assert isinstance(call.func, ast.Attribute)
    other = low.bind(call, "other")["other"]
    return low.lower(
        ast.copy_location(ast.BinOp(call.func.value, OPERATORS[call.func.attr], other), call)
    )


@method("column", *COMPARISONS)
def comparison(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].gt(b)``"""
    assert isinstance(call.func, ast.Attribute)
    other = low.bind(call, "other")["other"]
    return low.lower(
        ast.copy_location(
            ast.Compare(call.func.value, [COMPARISONS[call.func.attr]], [other]), call
        )
    )


@method("column", "abs")
def absolute(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].abs()``"""
    low.bind(call)
    return low.numpy("abs", base, kind=base.kind)


@method("column", "round")
def rounded(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].round(2)``"""
    given = low.bind(call, "decimals")
    digits = [low.plain(given["decimals"])] if "decimals" in given else []
    return low.vector("rounded", base, *digits, kind=base.kind)


@method("column", "clip")
def clipped(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].clip(0, 1)``"""
    given = low.bind(call, "lower", "upper", "axis", "inplace")
    options: dict[str, ast.expr | None] = {
        k: low.plain(given[k]) for k in ("lower", "upper") if k in given
    }
    return low.vector("clipped", base, kind=base.kind, **options)


@method("column", "between")
def between(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].between(0, 1)``"""
    given = low.bind(call, "left", "right", "inclusive")
    inclusive = low.constant(given.get("inclusive"), "both")
    ends = {
        "both": (ast.GtE(), ast.LtE()),
        "neither": (ast.Gt(), ast.Lt()),
        "left": (ast.GtE(), ast.Lt()),
        "right": (ast.Gt(), ast.LtE()),
    }.get(inclusive)
    if ends is None:
        raise NotLowered("limits that are not known", call)
    parts = [
        ast.Compare(base.node, [op], [low.plain(given[side])])
        for op, side in zip(ends, ("left", "right"), strict=True)
    ]
    return Lowered(
        ast.BinOp(parts[0], ast.BitAnd(), parts[1]), Kind("column", "bool", None, base.kind.where)
    )


@method("column", "isin")
def is_in(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].isin([...])``"""
    known = low.plain(low.bind(call, "values")["values"])
    return low.vector(
        "is_in", base, known, kind=Kind("column", "bool", base.kind.label, base.kind.where)
    )
