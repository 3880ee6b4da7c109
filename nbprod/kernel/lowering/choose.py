"""Choose between values by a mask."""

from __future__ import annotations

import ast

from nbprod.kernel.expressions import Expressions
from nbprod.kernel.rules import function, method
from nbprod.kernel.values import Kind, Lowered, NotLowered


@function("numpy.where")
def where(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``np.where(mask, a, b)``"""
    given = low.bind(call, "condition", "x", "y")
    if len(given) != 3:
        raise NotLowered("positions of rows", call)
    parts = [low.lower(given[name]) for name in ("condition", "x", "y")]
    return low.vector("where", *parts, kind=low._rows(call, *parts))


@function("numpy.select")
def select(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``np.select([mask, ...], [a, ...], default)``"""
    given = low.bind(call, "condlist", "choicelist", "default")
    lists: list[ast.expr] = []
    parts: list[Lowered] = []
    for name in ("condlist", "choicelist"):
        node = given[name]
        if not isinstance(node, (ast.List, ast.Tuple)):
            raise NotLowered("conditions that are not listed", call)
        found = [low.lower(e) for e in node.elts]
        parts.extend(found)
        lists.append(ast.List([f.node for f in found], ast.Load()))
    rest = [low.plain(given["default"])] if "default" in given else []
    return low.vector("first_of", *lists, *rest, kind=low._rows(call, *parts))


@method("column", "where")
def keep(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].where(mask, other)``"""
    return _keep(low, call, base, negated=False)


@method("column", "mask")
def hide(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].mask(mask, other)``"""
    return _keep(low, call, base, negated=True)


def _keep(low: Expressions, call: ast.Call, base: Lowered, *, negated: bool) -> Lowered:
    given = low.bind(call, "cond", "other", "inplace")
    mask = low.column(given["cond"])
    if mask.kind.where != base.kind.where:
        raise NotLowered("a mask of other rows", call)
    test = ast.UnaryOp(ast.Invert(), mask.node) if negated else mask.node
    other = [low.expect(given["other"], "plain", "learned", "column")] if "other" in given else []
    kind = Kind("column", "", base.kind.label, base.kind.where)
    return low.vector("keep", base, test, *other, kind=kind)
