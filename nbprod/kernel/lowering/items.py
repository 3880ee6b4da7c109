"""Columns and rows of frames, arrays and columns."""

from __future__ import annotations

import ast

from nbprod.flow.tree import is_whole_slice
from nbprod.kernel.expressions import Expressions
from nbprod.kernel.making import shown
from nbprod.kernel.rules import attribute, method
from nbprod.kernel.values import PLAIN, Kind, Lowered, NotLowered


@method("frame", "[]")
def frame_item(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"]``, ``df[["a", "b"]]``, ``df[mask]``"""
    key = call.args[0]
    if isinstance(key, ast.Slice):
        raise NotLowered("a range of rows", call)
    found = low.lower(key)
    if found.kind.what == "column":
        if found.kind.dtype != "bool":
            raise NotLowered(f"rows chosen by {shown(key)}, which is not known to be a mask", key)
        if base.kind.where:
            raise NotLowered("rows chosen twice", key)
        where = ast.unparse(found.node)
        return Lowered(low.vector("rows_where", base, found).node, Kind("frame", "", None, where))
    if found.kind.what not in ("plain", "learned"):
        raise NotLowered(f"{shown(key)} as a column", key)
    if low.is_many(key, found):
        return Lowered(
            low.vector("select", base, found).node, Kind("frame", "", None, base.kind.where)
        )
    return low.item(base, found.node)


@method("column", "[]")
def column_item(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"][mask]``"""
    mask = low.lower(call.args[0])
    if mask.kind.what != "column" or mask.kind.dtype != "bool" or base.kind.where:
        raise NotLowered("a row of a column", call)
    where = ast.unparse(mask.node)
    return Lowered(
        ast.Subscript(base.node, mask.node, ast.Load()), Kind("column", "", base.kind.label, where)
    )


@method("matrix", "[]")
def matrix_item(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``X[:, 0]``, ``X[:, 1:]``, ``X[:, [0, 2]]``"""
    key = call.args[0]
    if not isinstance(key, ast.Tuple) or len(key.elts) != 2 or not is_whole_slice(key.elts[0]):
        raise NotLowered("a range of rows", call)
    second = key.elts[1]
    index = low._index(second)
    node = ast.Subscript(base.node, ast.Tuple([ast.Slice(), index], ast.Load()), ast.Load())
    several = isinstance(second, ast.Slice) or low.is_many(second, Lowered(index, PLAIN))
    return Lowered(node, Kind("matrix" if several else "column", "array", None, base.kind.where))


@attribute("frame", "loc", "iloc")
def places(low: Expressions, node: ast.Attribute, base: Lowered) -> Lowered:
    """``df.loc`` and ``df.iloc`` wait for their brackets."""
    return Lowered(base.node, Kind(node.attr, "", None, base.kind.where))


@method("loc", "[]")
def located(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.loc[:, columns]``, ``df.loc[mask, columns]``"""
    key = call.args[0]
    frame = Lowered(base.node, Kind("frame", "", None, base.kind.where))
    if not isinstance(key, ast.Tuple):
        return frame_item(low, ast.copy_location(ast.Call(call.func, [key], []), call), frame)
    if len(key.elts) != 2:
        raise NotLowered(".loc with more than rows and columns", call)
    rows, columns = key.elts
    if not is_whole_slice(rows):
        mask = low.lower(rows)
        if mask.kind.what != "column" or mask.kind.dtype != "bool":
            raise NotLowered("rows chosen by something that is no mask", rows)
        frame = Lowered(
            low.vector("rows_where", frame, mask).node,
            Kind("frame", "", None, ast.unparse(mask.node)),
        )
    if isinstance(columns, ast.Slice):
        if columns.step is not None:
            raise NotLowered("every other column", columns)
        ends = [
            low.plain(e) if e is not None else ast.Constant(None)
            for e in (columns.lower, columns.upper)
        ]
        return low.vector("columns_between", frame, *ends, kind=frame.kind)
    compared = _all_but(low, columns, frame)
    if compared is not None:
        return compared
    found = low.lower(columns)
    if found.kind.what == "learned" and not low.is_many(columns, found):
        return low.vector("select_where", frame, found, kind=frame.kind)
    return frame_item(low, ast.copy_location(ast.Call(call.func, [columns], []), call), frame)


def _all_but(low: Expressions, node: ast.expr, frame: Lowered) -> Lowered | None:
    """``df.loc[:, df.columns != "a"]``"""
    if (
        not isinstance(node, ast.Compare)
        or len(node.ops) != 1
        or not isinstance(node.ops[0], ast.NotEq)
    ):
        return None
    left = node.left
    if not isinstance(left, ast.Attribute) or left.attr != "columns":
        return None
    owner = low.lower(left.value)
    if ast.unparse(owner.node) != ast.unparse(frame.node):
        return None
    name = ast.List([low.plain(node.comparators[0])], ast.Load())
    return low.vector("drop", frame, name, kind=frame.kind)


@method("iloc", "[]")
def positioned(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.iloc[:, 1:4]``, ``df.iloc[:, [0, 2]]``, ``df.iloc[:, 3]``"""
    key = call.args[0]
    frame = Lowered(base.node, Kind("frame", "", None, base.kind.where))
    if not isinstance(key, ast.Tuple) or len(key.elts) != 2 or not is_whole_slice(key.elts[0]):
        raise NotLowered("rows by their positions", call)
    columns = key.elts[1]
    if isinstance(columns, ast.Slice):
        ends = [
            low.plain(e) if e is not None else ast.Constant(None)
            for e in (columns.lower, columns.upper)
        ]
        if columns.step is not None:
            ends.append(low.plain(columns.step))
        places = ast.Call(ast.Name("slice", ast.Load()), ends, [])
        return low.vector("columns_at", frame, places, kind=frame.kind)
    found = low.expect(columns, "plain", "learned")
    if low.is_many(columns, found):
        return low.vector("columns_at", frame, found, kind=frame.kind)
    return low.vector("column_at", frame, found, kind=Kind("column", "", None, frame.kind.where))
