"""Dates and their parts."""

from __future__ import annotations

import ast

from nbprod.kernel.expressions import Expressions
from nbprod.kernel.rules import attribute, function, method
from nbprod.kernel.values import Kind, Lowered, NotLowered

PARTS = "year month day hour minute second dayofweek weekday day_of_week dayofyear day_of_year quarter".split()


@function("pandas.to_datetime")
def to_datetime(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``pd.to_datetime(df["a"], format="%Y-%m-%d")``"""
    given = low.bind(call, "arg", "format")
    column = low.column(given["arg"])
    form = []
    if "format" in given:
        text = low.constant(given["format"])
        if not isinstance(text, str) or "%z" in text or "%Z" in text or "%f" in text:
            raise NotLowered("a form of dates with fractions or zones", call)
        form = [given["format"]]
    return low.vector(
        "to_dates", column, *form, kind=Kind("column", "date", column.kind.label, column.kind.where)
    )


@attribute("dates", *PARTS)
def part(low: Expressions, node: ast.Attribute, base: Lowered) -> Lowered:
    """``.dt.year`` and its like"""
    kind = Kind("column", "number", base.kind.label, base.kind.where)
    return low.vector("date_part", base, ast.Constant(node.attr), kind=kind)


@attribute("dates", "days")
def days(low: Expressions, node: ast.Attribute, base: Lowered) -> Lowered:
    """``.dt.days`` of a difference"""
    return low.vector("whole_days", base, kind=Kind("column", "number", None, base.kind.where))


@method("dates", "day_name", "month_name")
def names(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.dt.day_name()`` and ``.dt.month_name()``"""
    low.bind(call)
    assert isinstance(call.func, ast.Attribute)
    kind = Kind("column", "text", base.kind.label, base.kind.where)
    return low.vector("date_name", base, ast.Constant(call.func.attr), kind=kind)
