"""Change the type of columns."""

from __future__ import annotations

import ast

from nbprod.kernel.expressions import Expressions
from nbprod.kernel.making import each_column
from nbprod.kernel.rules import function, method
from nbprod.kernel.values import Kind, Lowered, NotLowered

TYPES = {
    "int": "to_int", "int64": "to_int", "numpy.int64": "to_int", "numpy.int_": "to_int",
    "float": "to_float", "float64": "to_float", "numpy.float64": "to_float",
    "str": "to_text",
}  # fmt: skip
SIZED = ("int8", "int16", "int32", "uint8", "uint16", "float32")


@method("column", "astype")
def cast(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].astype(int)``, to a learned type of categories"""
    given = low.bind(call, "dtype", ignored=("copy",))
    return _cast(low, given["dtype"], base)


def _cast(low: Expressions, dtype: ast.expr, base: Lowered) -> Lowered:
    name = _name(low, dtype)
    if name.removeprefix("numpy.") in SIZED:
        sized = name.removeprefix("numpy.")
        number = Kind("column", "number", base.kind.label, base.kind.where)
        function = "to_int" if "int" in sized else "to_float"
        return low.vector(function, base, ast.Constant(sized), kind=number)
    if name in TYPES:
        kind = {"to_text": "text"}.get(TYPES[name], "number")
        return low.vector(
            TYPES[name], base, kind=Kind("column", kind, base.kind.label, base.kind.where)
        )
    if name in ("bool", "numpy.bool_"):
        cast = ast.Call(
            ast.Attribute(base.node, "astype", ast.Load()), [ast.Name("bool", ast.Load())], []
        )
        return Lowered(cast, Kind("column", "bool", base.kind.label, base.kind.where))
    if name in ("object", "O"):
        cast = ast.Call(
            ast.Attribute(base.node, "astype", ast.Load()), [ast.Name("object", ast.Load())], []
        )
        return Lowered(cast, Kind("column", "", base.kind.label, base.kind.where))
    found = low.lower(dtype)
    if found.kind.what == "learned":
        return Lowered(
            ast.Tuple([base.node, found.node], ast.Load()),
            Kind("category", "", base.kind.label, base.kind.where),
        )
    raise NotLowered(f"the type {ast.unparse(dtype)[:40]}", dtype)


def _name(low: Expressions, node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name) and node.id not in low.kinds:
        return low.imports.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        found = low.lower(node)
        if found.kind.what == "module":
            return found.kind.dtype
    return ""


@method("frame", "astype")
def cast_frame(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.astype(float)``"""
    given = low.bind(call, "dtype", ignored=("copy",))
    if isinstance(given["dtype"], ast.Dict):
        raise NotLowered("a type for each column", call)
    found = _cast(low, given["dtype"], Lowered(ast.Name("values", ast.Load()), Kind("column")))
    if found.kind.what != "column":
        raise NotLowered("a frame of categories", call)
    return Lowered(each_column(base.node, found.node), base.kind)


@method("matrix", "astype")
def cast_matrix(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``X.astype(float)``"""
    name = _name(low, low.bind(call, "dtype", ignored=("copy",))["dtype"])
    if name not in ("float", "float64", "numpy.float64", "float32", "numpy.float32"):
        raise NotLowered("the type of an array", call)
    return Lowered(
        ast.Call(ast.Attribute(base.node, "astype", ast.Load()), call.args, []), base.kind
    )


@function("pandas.to_numeric")
def to_numeric(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``pd.to_numeric(df["a"], errors="coerce")``"""
    given = low.bind(call, "arg", "errors")
    errors = low.constant(given.get("errors"), "raise")
    if errors not in ("raise", "coerce"):
        raise NotLowered("errors that are ignored", call)
    column = low.column(given["arg"])
    coerce = ast.Constant(True) if errors == "coerce" else None
    kind = Kind("column", "number", column.kind.label, column.kind.where)
    return low.vector("to_number", column, kind=kind, coerce=coerce)
