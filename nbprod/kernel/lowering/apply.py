"""Functions of one value or of one row."""

from __future__ import annotations

import ast
import copy

from nbprod.flow.tree import walk
from nbprod.kernel.elements import lower_helper
from nbprod.kernel.expressions import Expressions
from nbprod.kernel.making import each_column, shown
from nbprod.kernel.rules import method
from nbprod.kernel.values import FRAME, PLAIN, Kind, Lowered, NotLowered


@method("column", "apply")
def applied(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].apply(f)``"""
    given = low.bind(call, "func")
    return each_value(low, given["func"], base)


def each_value(low: Expressions, function: ast.expr, base: Lowered) -> Lowered:
    """Return ``each_value(values, function)``."""
    kind = Kind("column", "", base.kind.label, base.kind.where)
    if isinstance(function, ast.Lambda):
        name, body = _body(function)
        return low.vector("each_value", base, _lambda(name, low.element(body, {name})), kind=kind)
    value = ast.Name("value", ast.Load())
    element = _called(low, function, value, rows=False)
    return low.vector("each_value", base, _short(element, "value"), kind=kind)


def _lambda(name: str, body: ast.expr) -> ast.Lambda:
    return ast.Lambda(ast.arguments([], [ast.arg(name)], None, [], [], None, []), body)


def _short(element: ast.expr, name: str) -> ast.expr:
    """Return a call of one argument as the function itself."""
    assert isinstance(element, ast.Call)
    return element.func if not element.keywords else _lambda(name, element)


def _body(function: ast.Lambda) -> tuple[str, ast.expr]:
    arguments = function.args
    if len(arguments.args) != 1 or arguments.defaults or arguments.vararg or arguments.kwonlyargs:
        raise NotLowered("a lambda of several arguments", function)
    return arguments.args[0].arg, function.body


def _called(low: Expressions, function: ast.expr, value: ast.expr, *, rows: bool) -> ast.expr:
    """Return the call of a named function on one value."""
    keywords: list[ast.keyword] = []
    if (
        isinstance(function, ast.Call)
        and isinstance(function.func, ast.Name)
        and function.func.id == "partial"
    ):
        keywords, function = function.keywords, function.args[0]
        for item in keywords:
            if not (isinstance(item.value, ast.Name) and item.value.id == "state"):
                raise NotLowered("arguments bound to a function", function)
    if isinstance(function, ast.Name) and function.id in low.functions:
        low.add_helper(function.id, lower_helper(low, low.functions[function.id], rows))
        return ast.Call(function, [value], keywords)
    if (
        not rows
        and isinstance(function, ast.Name)
        and function.id in ("len", "str", "int", "float", "bool", "abs")
    ):
        return ast.Call(function, [value], [])
    if not rows and isinstance(function, ast.Attribute):
        owner = low.lower(function.value)
        if owner.kind.what == "plain" or (
            isinstance(function.value, ast.Name) and function.value.id == "str"
        ):
            return ast.Call(ast.Attribute(owner.node, function.attr, ast.Load()), [value], [])
        if owner.kind.what == "learned" and function.attr in ("index", "get"):
            return ast.Call(ast.Attribute(owner.node, function.attr, ast.Load()), [value], [])
    raise NotLowered(f"{shown(function)} applied to values", function)


@method("frame", "apply")
def applied_to_frame(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.apply(f, axis=1)``, or a lambda of whole columns"""
    given = low.bind(call, "func", "axis", ignored=())
    if low.constant(given.get("axis"), 0) in (1, "columns"):
        return _each_row(low, given["func"], base)
    function = given["func"]
    if not isinstance(function, ast.Lambda):
        raise NotLowered("a function of whole columns", call)
    name, body = _body(function)
    inner = copy.deepcopy(body)
    for part in walk(inner):
        if (
            isinstance(part, ast.Attribute)
            and isinstance(part.value, ast.Name)
            and part.value.id == name
            and part.attr == "name"
        ):
            part.value, part.attr = ast.Name("__name__", ast.Load()), "it"
    inner = _Names().visit(inner)
    before = {n: low.kinds.get(n) for n in (name, "name")}
    low.kinds[name], low.kinds["name"] = Kind("column", "", None, base.kind.where), PLAIN
    try:
        found = low.expect(inner, "column")
    finally:
        for n, kind in before.items():
            low.kinds.pop(n, None)
            if kind is not None:
                low.kinds[n] = kind
    value = _Renamed(name).visit(copy.deepcopy(found.node))
    return Lowered(each_column(base.node, value), FRAME)


class _Names(ast.NodeTransformer):
    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == "__name__":
            return ast.Name("name", ast.Load())
        return self.generic_visit(node)


class _Renamed(ast.NodeTransformer):
    def __init__(self, name: str) -> None:
        self.name = name

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name("values", node.ctx) if node.id == self.name else node


def _each_row(low: Expressions, function: ast.expr, base: Lowered) -> Lowered:
    if isinstance(function, ast.Lambda):
        name, body = _body(function)
        element = low.element(body, {name}, frozenset({name}))
        wanted = _read(element, name)
        each: ast.expr = _lambda(name, element)
    else:
        called = _called(low, function, ast.Name("row", ast.Load()), rows=True)
        assert isinstance(called, ast.Call)
        assert isinstance(called.func, ast.Name)
        helper = low.helpers[called.func.id]
        wanted = _read(helper, helper.args.args[0].arg)
        each = _short(called, "row")
    columns = ast.List([ast.Constant(w) for w in wanted], ast.Load())
    return low.vector(
        "each_row", base, columns, each, kind=Kind("column", "", None, base.kind.where)
    )


def _read(node: ast.AST, name: str) -> list[str]:
    """Return the columns that a function reads from its row."""
    found: list[str] = []
    for part in walk(node):
        if (
            isinstance(part, ast.Subscript)
            and isinstance(part.value, ast.Name)
            and part.value.id == name
        ):
            if not isinstance(part.slice, ast.Constant):
                raise NotLowered("a row read by a name that is computed", part)
            if part.slice.value not in found:
                found.append(str(part.slice.value))
    if not found:
        raise NotLowered("a function of rows that reads no column", node)
    return found
