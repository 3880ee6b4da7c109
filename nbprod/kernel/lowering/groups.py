"""Values learned for groups."""

from __future__ import annotations

import ast

from nbprod.kernel.expressions import Expressions
from nbprod.kernel.rules import function, method
from nbprod.kernel.values import FRAME, Kind, Lowered, NotLowered


@function("group_values")
def group_values(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``group_values(keys, learned)`` of ``replay.py``"""
    given = low.bind(call, "keys", "learned")
    keys = low.expect(given["keys"], "column", "frame")
    kind = Kind("column", "", None, keys.kind.where)
    name = "map_values" if keys.kind.what == "column" else "group_value"
    return low.vector(name, keys, low.plain(given["learned"]), kind=kind)


@method("frame", "merge")
def merge(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.merge(state.table, on="key", how="left")``"""
    given = low.bind(call, "right", "how", "on", ignored=("validate",))
    if low.constant(given.get("how"), "inner") != "left" or "on" not in given:
        raise NotLowered("a merge that is not a left one on named keys", call)
    table = low.expect(given["right"], "learned")
    keys = given["on"]
    names = low.plain(keys if isinstance(keys, ast.List) else ast.List([keys], ast.Load()))
    return low.vector("look_up_columns", base, table, names, kind=FRAME)


@function("pandas.merge")
def merge_function(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``pd.merge(df, state.table, on="key", how="left")``"""
    if not call.args:
        raise NotLowered("a merge with named tables", call)
    frame = low.expect(call.args[0], "frame")
    rest = ast.copy_location(ast.Call(call.func, call.args[1:], call.keywords), call)
    return merge(low, rest, frame)
