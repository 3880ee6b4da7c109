"""Text functions: what follows .str"""

from __future__ import annotations

import ast

from nbprod.kernel.expressions import Expressions
from nbprod.kernel.rules import attribute, method
from nbprod.kernel.values import Kind, Lowered, NotLowered

SIMPLE = "lower upper title capitalize swapcase casefold".split()
STRIPS = "strip lstrip rstrip".split()
TESTS = "isdigit isalpha isalnum isnumeric isdecimal isspace islower isupper istitle".split()


def _kind(base: Lowered, dtype: str) -> Kind:
    return Kind("column", dtype, base.kind.label, base.kind.where)


def _name(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Attribute)
    return call.func.attr


def _method(name: str) -> ast.expr:
    return ast.Attribute(ast.Name("str", ast.Load()), name, ast.Load())


@method("texts", *SIMPLE)
def simple(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.str.lower()`` and its like"""
    low.bind(call)
    return low.vector("each_text", base, _method(_name(call)), kind=_kind(base, "text"))


@method("texts", *STRIPS)
def strip(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.str.strip()``"""
    given = low.bind(call, "to_strip")
    if "to_strip" not in given:
        return low.vector("each_text", base, _method(_name(call)), kind=_kind(base, "text"))
    text = ast.Name("text", ast.Load())
    body = ast.Call(
        ast.Attribute(text, _name(call), ast.Load()), [low.plain(given["to_strip"])], []
    )
    arguments = ast.arguments([], [ast.arg("text")], None, [], [], None, [])
    return low.vector("each_text", base, ast.Lambda(arguments, body), kind=_kind(base, "text"))


@method("texts", *TESTS)
def tested(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.str.isdigit()`` and its like"""
    low.bind(call)
    return low.vector("text_is", base, _method(_name(call)), kind=_kind(base, ""))


@method("texts", "len")
def length(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.str.len()``"""
    low.bind(call)
    return low.vector("text_length", base, kind=_kind(base, "number"))


@method("texts", "count")
def count(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.str.count(pattern)``"""
    pattern = low.plain(low.bind(call, "pat")["pat"])
    return low.vector("count_in_text", base, pattern, kind=_kind(base, "number"))


@method("texts", "extract")
def extract(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.str.extract(pattern, expand=False)`` with one group"""
    import re

    given = low.bind(call, "pat", "flags", "expand")
    pattern = low.constant(given["pat"])
    if not isinstance(pattern, str) or re.compile(pattern).groups != 1:
        raise NotLowered("a pattern with several groups", call)
    if low.constant(given.get("expand"), True) is not False:
        raise NotLowered("a frame of groups", call)
    if "flags" in given:
        raise NotLowered("flags of a pattern", call)
    return low.vector("extract", base, given["pat"], kind=_kind(base, "text"))


@method("texts", "contains")
def contains(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.str.contains(pattern)``"""
    given = low.bind(call, "pat", "case", "flags", "na", "regex")
    if "flags" in given:
        raise NotLowered("flags of a pattern", call)
    options: dict[str, ast.expr | None] = {k: given[k] for k in ("case", "regex") if k in given}
    for value in options.values():
        low.constant(value)
    if "na" in given:
        options["na"] = low.plain(given["na"])
    sure = "na" in given and low.constant(given["na"]) in (True, False)
    return low.vector(
        "contains",
        base,
        low.plain(given["pat"]),
        kind=_kind(base, "bool" if sure else ""),
        **options,
    )


@method("texts", "startswith", "endswith")
def ends(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.str.startswith("a")``"""
    given = low.bind(call, "pat", "na")
    options: dict[str, ast.expr | None] = {"na": low.plain(given["na"])} if "na" in given else {}
    name = "starts_with" if _name(call) == "startswith" else "ends_with"
    return low.vector(name, base, low.plain(given["pat"]), kind=_kind(base, ""), **options)


@method("texts", "replace")
def replace(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.str.replace(old, new)``"""
    given = low.bind(call, "pat", "repl", "n", "case", "flags", "regex")
    if {"n", "case", "flags"} & set(given):
        raise NotLowered("options of a replacement", call)
    old, new = low.constant(given["pat"]), low.constant(given["repl"])
    if not isinstance(old, str) or not isinstance(new, str):
        raise NotLowered("a replacement by a function", call)
    regex = ast.Constant(True) if low.constant(given.get("regex"), False) is True else None
    return low.vector(
        "replace_text", base, given["pat"], given["repl"], kind=_kind(base, "text"), regex=regex
    )


@method("texts", "split")
def split(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.str.split(",")``"""
    given = low.bind(call, "pat", "n", "expand", "regex")
    if low.constant(given.get("expand"), False) is not False:
        rest = [k for k in call.keywords if k.arg != "expand"]
        pieces = split(low, ast.copy_location(ast.Call(call.func, call.args, rest), call), base)
        return Lowered(pieces.node, Kind("pieces", "", None, base.kind.where))
    separator = low.constant(given.get("pat"))
    limit = low.constant(given.get("n"), -1)
    regex = low.constant(given.get("regex"))
    kind = _kind(base, "list")
    limits = [] if limit in (-1, 0, None) else [ast.Constant(limit)]
    if separator is None or (len(separator) == 1 and regex is not True) or regex is False:
        if separator is None and limits:
            return low.vector("split_text", base, ast.Constant(None), *limits, kind=kind)
        texts = [ast.Constant(separator)] if separator is not None else []
        return low.vector("split_text", base, *texts, *limits, kind=kind)
    if regex is None and not set(separator) & set(".^$*+?{}[]\\|()"):
        return low.vector("split_text", base, ast.Constant(separator), *limits, kind=kind)
    return low.vector("split_by_pattern", base, ast.Constant(separator), *limits, kind=kind)


@method("pieces", "[]")
def piece_of_all(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.str.split(",", expand=True)[1]``"""
    place = low.constant(call.args[0])
    if not isinstance(place, int) or place < 0:
        raise NotLowered("a piece without a position", call)
    return low.vector("piece_of_all", base, call.args[0], kind=_kind(base, "text"))


@method("texts", "findall")
def find_all(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.str.findall(pattern)``"""
    pattern = low.bind(call, "pat")["pat"]
    compiled = ast.Call(
        ast.Attribute(ast.Name("re", ast.Load()), "compile", ast.Load()), [low.plain(pattern)], []
    )
    low.modules.add("import re")
    return low.vector(
        "each_text", base, ast.Attribute(compiled, "findall", ast.Load()), kind=_kind(base, "list")
    )


@method("texts", "get")
def get(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.str.get(0)``"""
    place = low.constant(low.bind(call, "i")["i"])
    if not isinstance(place, int):
        raise NotLowered("an entry that has no position", call)
    return low.vector("piece", base, ast.Constant(place), kind=_kind(base, "text"))


@method("texts", "[]")
def item(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.str[0]``, ``.str[1:3]``"""
    key = call.args[0]
    if isinstance(key, ast.Slice):
        ends = [
            low.plain(e) if e is not None else ast.Constant(None) for e in (key.lower, key.upper)
        ]
        if key.step is not None:
            ends.append(low.plain(key.step))
        return low.vector("part", base, *ends, kind=_kind(base, base.kind.dtype))
    place = low.constant(key)
    if not isinstance(place, int):
        raise NotLowered("an entry that has no position", call)
    return low.vector("piece", base, key, kind=_kind(base, "text"))


@method("texts", "join")
def join(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.str.join(" ")`` of lists of text"""
    separator = low.plain(low.bind(call, "sep")["sep"])
    return low.vector("join_pieces", base, separator, kind=_kind(base, "text"))


@method("texts", "slice")
def sliced(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``.str.slice(0, 3)``"""
    given = low.bind(call, "start", "stop", "step")
    ends = [
        low.plain(given[k]) if k in given else ast.Constant(None) for k in ("start", "stop", "step")
    ]
    while ends and isinstance(ends[-1], ast.Constant) and ends[-1].value is None:
        ends.pop()
    return low.vector("part", base, *ends, kind=_kind(base, "text"))


__all__ = ["attribute"]
