"""Functions of numpy that work value by value."""

from __future__ import annotations

import ast

from nbprod.kernel.expressions import Expressions
from nbprod.kernel.making import each_column
from nbprod.kernel.rules import attribute, function
from nbprod.kernel.values import PLAIN, Kind, Lowered, NotLowered

ELEMENTWISE = (
    "abs absolute log log1p log2 log10 exp expm1 sqrt square cbrt floor ceil sin cos tan arcsin arccos arctan tanh "
    "sign rint isnan isfinite isinf"
).split()
TESTS = ("isnan", "isfinite", "isinf")


@function(*(f"numpy.{name}" for name in ELEMENTWISE))
def elementwise(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``np.log1p(df["a"])``, ``np.log1p(df)``"""
    name = base.kind.dtype.rsplit(".", 1)[1]
    found = low.lower(low.bind(call, "x")["x"])
    if found.kind.what == "frame":
        value = low.numpy(name, ast.Name("values", ast.Load()))
        return Lowered(each_column(found.node, value.node), found.kind)
    if found.kind.what not in ("column", "matrix", "plain", "learned"):
        raise NotLowered(f"np.{name} of a {found.kind.what}", call)
    dtype = "bool" if name in TESTS else "number"
    return low.numpy(
        name, found, kind=Kind(found.kind.what, dtype, found.kind.label, found.kind.where)
    )


@function("numpy.maximum", "numpy.minimum", "numpy.arctan2", "numpy.hypot", "numpy.power")
def pairwise(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``np.maximum(df["a"], 0)``"""
    given = low.bind(call, "x1", "x2")
    parts = [low.lower(given["x1"]), low.lower(given["x2"])]
    return low.numpy(base.kind.dtype.rsplit(".", 1)[1], *parts, kind=low._rows(call, *parts))


@function("numpy.digitize")
def digitize(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``np.digitize(df["a"], bins)``"""
    given = low.bind(call, "x", "bins")
    return low.numpy(
        "digitize", low.column(given["x"]), low.plain(given["bins"]), kind=Kind("column", "number")
    )


@attribute("function", "numpy.nan")
@attribute("function", "numpy.NaN")
def not_a_number(low: Expressions, node: ast.Attribute, base: Lowered) -> Lowered:
    """``np.nan``"""
    return Lowered(ast.Attribute(ast.Name("np", ast.Load()), "nan", ast.Load()), PLAIN)


@attribute("function", "numpy.pi")
@attribute("function", "numpy.inf")
@attribute("function", "numpy.e")
def constants(low: Expressions, node: ast.Attribute, base: Lowered) -> Lowered:
    """``np.pi`` and its like."""
    return Lowered(ast.Attribute(ast.Name("np", ast.Load()), node.attr, ast.Load()), PLAIN)


@function("numpy.round", "numpy.around")
def rounded(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``np.round(df["a"], 2)``"""
    given = low.bind(call, "a", "decimals")
    column = low.column(given["a"])
    digits = [low.plain(given["decimals"])] if "decimals" in given else []
    return low.vector("rounded", column, *digits, kind=column.kind)
