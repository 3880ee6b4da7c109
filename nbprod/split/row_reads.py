"""Which columns a function of one row reads: ``df.apply(lambda row: row["a"] + row.b, axis=1)`` reads two."""

from __future__ import annotations

import ast

from nbprod.flow.scope import literal
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow

# What a row has besides its values; a method that is called is one, too.
OWN = frozenset(
    "name index values size shape dtype array T iloc loc at iat empty ndim keys items".split()
)
DEPTH = 4


def columns_read(flow: Flow, function: ast.expr) -> frozenset[str] | None:
    """Return the names of the columns that a function of a row reads, None when it may read any."""
    definition: ast.AST | None = function
    if isinstance(function, ast.Name):
        definition = flow.val(function).fn or flow.functions.get(function.id)
    if not isinstance(definition, (ast.Lambda, ast.FunctionDef)):
        return None
    parameters = [*definition.args.posonlyargs, *definition.args.args]
    return _read(flow, definition, parameters[0].arg, DEPTH) if parameters else None


def _read(
    flow: Flow, definition: ast.Lambda | ast.FunctionDef, row: str, depth: int
) -> frozenset[str] | None:
    """Return what a definition reads of its parameter ``row``."""
    found: set[str] = set()
    inside = set[int]()  # uses of the row that are accounted for
    for node in walk(definition):
        if isinstance(node, ast.Subscript) and _is(node.value, row):
            key = literal(node.slice)
            if key is NotImplemented and flow.val(node.slice).known:
                key = flow.val(node.slice).literal
            names = [key] if isinstance(key, str) else key
            if not isinstance(names, (list, tuple)) or not all(isinstance(n, str) for n in names):
                return None
            found.update(names)
            inside.add(id(node.value))
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and _is(node.func.value, row)
        ):
            if (
                node.func.attr != "get"
                or not node.args
                or not isinstance(literal(node.args[0]), str)
            ):
                return None
            found.add(str(literal(node.args[0])))
            inside.add(id(node.func.value))
        elif (
            isinstance(node, ast.Attribute)
            and _is(node.value, row)
            and id(node.value) not in inside
        ):
            if node.attr in OWN:
                return None
            found.add(node.attr)
            inside.add(id(node.value))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            for position, argument in enumerate(node.args):
                if _is(argument, row):
                    passed = _passed(flow, node.func.id, position, depth)
                    if passed is None:
                        return None
                    found |= passed
                    inside.add(id(argument))
    uses = [n for n in walk(definition) if isinstance(n, ast.Name) and n.id == row]
    return frozenset(found) if all(id(n) in inside for n in uses) else None


def _passed(flow: Flow, name: str, position: int, depth: int) -> frozenset[str] | None:
    inner = flow.functions.get(name)
    if inner is None or depth == 0 or position >= len(inner.args.args):
        return None
    return _read(flow, inner, inner.args.args[position].arg, depth - 1)


def _is(node: ast.AST, row: str) -> bool:
    return isinstance(node, ast.Name) and node.id == row


__all__ = ["columns_read"]
