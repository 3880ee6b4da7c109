"""Loops that count the rows of a table and look at no row but the one at hand: ``for i in range(len(df))``."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

from nbprod.flow.scope import literal
from nbprod.flow.substitution import Replace, like
from nbprod.flow.tree import walk
from nbprod.flow.values import Val

KINDS = ("series", "list", "array", "indexer")
Value = Callable[[ast.expr], Val]


def counted(node: ast.For) -> ast.expr | None:
    """Return what ``range(stop)`` or ``range(0, stop)`` of a loop counts to, None for other loops."""
    call = node.iter
    if not (
        isinstance(node.target, ast.Name)
        and isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "range"
        and not call.keywords
    ):
        return None
    if len(call.args) == 1:
        return call.args[0]
    return call.args[1] if len(call.args) == 2 and literal(call.args[0]) == 0 else None


def own_rows(node: ast.For, value: Value) -> Val | None:
    """Return the rows that a counting loop walks, None when a round looks at another row than its own."""
    stop = counted(node)
    if stop is None:
        return None
    table = counts(stop)
    if table is None or not value(table).is_row:
        return None
    found = [value(sequence) for sequence in looked_at(node)]
    if not found or not all(v.is_row and v.kind in KINDS for v in found):
        return None
    return value(table)


def all_rows(node: ast.For, value: Value) -> ast.For | None:
    """Return the loop with its count written as ``len`` of what it looks at, None when it need not change.

    A number and a variable say how many rows there were in training; a request has as many as it has.
    """
    stop = counted(node)
    if stop is None or counts(stop) is not None or isinstance(stop, ast.BinOp):
        return None
    found = list(looked_at(node))
    if not found or not all(v.is_row and v.kind in KINDS for v in map(value, found)):
        return None
    known = value(stop)
    number = isinstance(literal(stop), int) and not isinstance(literal(stop), bool)
    if not number and known.qual != "count":
        return None
    sequence = copy.deepcopy(found[0])
    if value(found[0]).kind == "indexer":
        assert isinstance(sequence, ast.Attribute)
        sequence = sequence.value
    length = ast.Call(ast.Name("len", ast.Load()), [sequence], [])
    ast.copy_location(length, stop)
    new = copy.copy(node)
    header: ast.expr = copy.deepcopy(node.iter, {id(stop): stop})
    replaced = Replace(stop, length).visit(header)
    assert isinstance(replaced, ast.expr)
    new.iter = replaced
    like(node, new)
    ast.fix_missing_locations(new.iter)
    if number:
        new.iter.assumed = (  # type: ignore[attr-defined]
            f"{ast.unparse(node.iter)} is assumed to count all rows of {ast.unparse(sequence)[:60]}"
        )
    return new


def counts(stop: ast.expr) -> ast.expr | None:
    """Return the table or column whose rows ``len(df)``, ``df.shape[0]`` and ``len(df.index)`` count."""
    if isinstance(stop, ast.Call) and isinstance(stop.func, ast.Name) and stop.func.id == "len":
        if len(stop.args) == 1:
            inner = stop.args[0]
            if isinstance(inner, ast.Attribute) and inner.attr == "index":
                return inner.value
            return inner
    if isinstance(stop, ast.Subscript) and literal(stop.slice) == 0:
        if isinstance(stop.value, ast.Attribute) and stop.value.attr == "shape":
            return stop.value.value
    return stop.value if isinstance(stop, ast.Attribute) and stop.attr == "size" else None


def looked_at(node: ast.For) -> Iterator[ast.expr]:
    """Yield the sequences of which a round takes its own row; one None-like ``Constant`` when it looks elsewhere."""
    assert isinstance(node.target, ast.Name)
    name = node.target.id
    for statement in node.body:
        if not _only_tells(statement):
            yield from _sequences(statement, name)


def _sequences(node: ast.AST, name: str) -> Iterator[ast.expr]:
    if isinstance(node, ast.Subscript):
        key = (
            node.slice.elts[0]
            if isinstance(node.slice, ast.Tuple) and node.slice.elts
            else node.slice
        )
        if isinstance(key, ast.Name) and key.id == name:
            yield node.value
            yield from _sequences(node.value, name)
            if isinstance(node.slice, ast.Tuple):
                for part in node.slice.elts[1:]:
                    yield from _sequences(part, name)
            return
    if isinstance(node, ast.Name) and node.id == name:
        yield ast.Constant(
            None
        )  # the number itself: no sequence of rows, so the loop is none of these
    if isinstance(node, ast.If) and _only_tells(node):
        return
    for child in ast.iter_child_nodes(node):
        yield from _sequences(child, name)


def _only_tells(node: ast.stmt) -> bool:
    """Say whether a statement only prints, perhaps under a condition."""
    if isinstance(node, ast.If):
        return all(_only_tells(s) for s in [*node.body, *node.orelse])
    return isinstance(node, ast.Pass) or (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "print"
    )


def places(node: ast.For, rows: Val, record: Callable[[ast.AST, Val], Val]) -> Val:
    """Record the header of such a loop as something of the request, and return it."""
    header = Val("row", "places", rows.axis, rows.sources)
    for part in walk(node.iter):
        if isinstance(part, (ast.Call, ast.Subscript)) or (
            isinstance(part, ast.Attribute) and part.attr in ("shape", "size", "index")
        ):
            if part is node.iter or not isinstance(part, ast.Subscript) or counts(part) is not None:
                record(part, header)
    return header
