"""Map and replace values."""

from __future__ import annotations

import ast

from nbprod.kernel.expressions import Expressions
from nbprod.kernel.making import each_column
from nbprod.kernel.rules import method
from nbprod.kernel.values import Kind, Lowered, NotLowered


@method("column", "map")
def mapped(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].map({...})``, by a learned mapping, or by a function"""
    given = low.bind(call, "arg")
    argument = given["arg"]
    if _is_function(low, argument):
        from nbprod.kernel.lowering.apply import each_value

        return each_value(low, argument, base)
    return low.vector(
        "map_values",
        base,
        low.plain(argument),
        kind=Kind("column", "", base.kind.label, base.kind.where),
    )


def _is_function(low: Expressions, node: ast.expr) -> bool:
    return (
        low.lower(node).kind.what == "function"
        or isinstance(node, ast.Lambda)
        or _builtin(low, node)
    )


def _builtin(low: Expressions, node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Name)
        and node.id in ("len", "str", "int", "float", "bool", "abs")
        and (node.id not in low.kinds)
    )


@method("column", "replace")
def replaced(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df["a"].replace(old, new)`` of text"""
    given = low.bind(call, "to_replace", "value", "inplace", "regex")
    old, new = given["to_replace"], given.get("value")
    kind = Kind("column", "", base.kind.label, base.kind.where)
    if low.constant(given.get("regex"), False) is not False:
        return _by_pattern(low, call, base, given)
    found = low.lower(old)
    if new is None:
        if isinstance(old, ast.Dict):
            _only_text([k for k in old.keys if k is not None])
        elif found.kind.what != "learned":
            raise NotLowered("a replacement without values", call)
        return low.vector("replace_by", base, low.plain(old), kind=kind)
    if isinstance(old, (ast.List, ast.Tuple)):
        _only_text(old.elts)
        if isinstance(new, (ast.List, ast.Tuple)):
            if len(old.elts) != len(new.elts):
                raise NotLowered("lists of different length", call)
            table = ast.Dict([low.plain(o) for o in old.elts], [low.plain(n) for n in new.elts])
            return low.vector("replace_by", base, table, kind=kind)
    elif _is_number(low, old):
        return low.vector("replace_number", base, low.plain(old), low.plain(new), kind=kind)
    elif ast.unparse(found.node) == "np.nan":
        return low.vector("fill", base, low.plain(new), kind=kind)
    elif isinstance(old, ast.Constant):
        _only_text([old])
    if isinstance(new, (ast.List, ast.Tuple)):
        raise NotLowered("one value replaced by several", call)
    return low.vector("replace", base, low.plain(old), low.plain(new), kind=kind)


def _only_text(nodes: list[ast.expr]) -> None:
    for node in nodes:
        if isinstance(node, ast.Constant) and not isinstance(node.value, str):
            raise NotLowered("numbers that are replaced", node)


def _is_number(low: Expressions, node: ast.expr) -> bool:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return False
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _by_pattern(
    low: Expressions, call: ast.Call, base: Lowered, given: dict[str, ast.expr]
) -> Lowered:
    """``df["a"].replace(pattern, text, regex=True)``"""
    old, new = low.constant(given["to_replace"]), low.constant(given.get("value"))
    if (
        low.constant(given["regex"]) is not True
        or not isinstance(old, str)
        or not isinstance(new, str)
    ):
        raise NotLowered("patterns that are replaced", call)
    kind = Kind("column", "", base.kind.label, base.kind.where)
    return low.vector("replace_pattern", base, given["to_replace"], given["value"], kind=kind)


@method("frame", "replace")
def replaced_everywhere(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``df.replace(old, new)``: the same in every column"""
    for part in (*call.args, *(k.value for k in call.keywords)):
        if isinstance(part, ast.Dict) and any(isinstance(v, ast.Dict) for v in part.values):
            raise NotLowered("replacements by column in a whole frame", call)
        if not isinstance(part, (ast.Dict, ast.Constant, ast.List, ast.Attribute)):
            raise NotLowered("replacements that are not written there", call)
    each = replaced(low, call, Lowered(ast.Name("values", ast.Load()), Kind("column")))
    return Lowered(each_column(base.node, each.node), base.kind)
