"""Fill and find missing values."""

from __future__ import annotations

import ast

from nbprod.kernel.expressions import Expressions
from nbprod.kernel.making import each_column
from nbprod.kernel.rules import function, method
from nbprod.kernel.values import Kind, Lowered, NotLowered


@method("column", "fillna")
def fill_column(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].fillna(value)``"""
    given = low.bind(call, "value", "inplace")
    value = low.expect(given["value"], "plain", "learned", "column")
    if value.kind.what == "column" and value.kind.where != base.kind.where:
        raise NotLowered("filled from other rows", call)
    if isinstance(given["value"], ast.Dict):
        raise NotLowered("filled by row labels", call)
    return low.vector("fill", base, value, kind=base.kind)


@method("frame", "fillna")
def fill_frame(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.fillna(value)``, ``df.fillna({"a": 0})``"""
    given = low.bind(call, "value", "inplace")
    return low.vector("fill_frame", base, low.plain(given["value"]), kind=base.kind)


@method("column", "isnull", "isna")
def missing(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].isnull()``"""
    low.bind(call)
    return low.vector(
        "is_missing", base, kind=Kind("column", "bool", base.kind.label, base.kind.where)
    )


@method("column", "notnull", "notna")
def present(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].notnull()``"""
    low.bind(call)
    return low.vector(
        "is_present", base, kind=Kind("column", "bool", base.kind.label, base.kind.where)
    )


@method("frame", "isnull", "isna")
def missing_frame(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.isnull()``"""
    low.bind(call)
    test = low.vector("is_missing", ast.Name("values", ast.Load()))
    return Lowered(each_column(base.node, test.node), base.kind)


@function("pandas.isnull", "pandas.isna")
def missing_function(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``pd.isnull(df["a"])``"""
    column = low.column(low.bind(call, "obj")["obj"])
    return low.vector(
        "is_missing", column, kind=Kind("column", "bool", column.kind.label, column.kind.where)
    )


@function("pandas.notnull", "pandas.notna")
def present_function(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``pd.notnull(df["a"])``"""
    column = low.column(low.bind(call, "obj")["obj"])
    return low.vector(
        "is_present", column, kind=Kind("column", "bool", column.kind.label, column.kind.where)
    )
