"""Frames beside each other."""

from __future__ import annotations

import ast

from nbprod.kernel.expressions import Expressions
from nbprod.kernel.rules import function, method
from nbprod.kernel.values import FRAME, Kind, Lowered, NotLowered


@function("pandas.concat")
def concat(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``pd.concat([a, b], axis=1)``"""
    given = low.bind(call, "objs", "axis", ignored=("sort", "copy"))
    if low.constant(given.get("axis"), 0) not in (1, "columns"):
        raise NotLowered("rows put below rows", call)
    parts = given["objs"]
    if not isinstance(parts, (ast.List, ast.Tuple)):
        raise NotLowered("frames that are not listed", call)
    return low.vector("beside", *(_frame(low, part) for part in parts.elts), kind=FRAME)


@method("frame", "join")
def join(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.join(other)`` of the same rows."""
    given = low.bind(call, "other")
    return low.vector("beside", base, _frame(low, given["other"]), kind=FRAME)


def _frame(low: Expressions, node: ast.expr) -> Lowered:
    found = low.lower(node)
    if found.kind.where:
        raise NotLowered("frames of different rows", node)
    if found.kind.what == "frame":
        return found
    if found.kind.what == "column" and found.kind.label is not None:
        return Lowered(ast.Dict([found.kind.label], [found.node]), Kind("frame"))
    raise NotLowered(f"a {found.kind.what} beside a frame", node)
