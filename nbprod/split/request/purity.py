"""Whether the answer to a request depends on nothing but the request and what was learned."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbprod.findings import Finding
from nbprod.flow.calls import MUTATORS
from nbprod.flow.program import origin
from nbprod.flow.scope import base_name, keyword, literal
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.knowledge import effects as known_effects
from nbprod.split.request.values import Request


def impurities(flow: Flow, request: Request) -> Iterator[Finding]:
    """Yield an error for everything that makes an answer depend on luck or on earlier requests."""
    for function in request.functions:
        for node in walk(function):
            if isinstance(node, (ast.Global, ast.Nonlocal)) and isinstance(node, ast.Global):
                yield _finding(
                    "E-PREDICT-STATE",
                    f"{function.name} changes the variable {node.names[0]!r}, so an answer depends on earlier requests",
                    node,
                    "return what changes, or learn it before the function",
                )
            name = _changed(node, set(request.learned))
            if name:
                yield _finding(
                    "E-PREDICT-STATE",
                    f"{function.name} changes {name!r} in place, so an answer depends on earlier requests",
                    node,
                    f"work on a copy: `{name}.copy()`",
                )
            if isinstance(node, ast.Call):
                yield from _drawn(flow, function, node)


def _changed(node: ast.AST, learned: set[str]) -> str:
    if isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(
        node.ctx, (ast.Store, ast.Del)
    ):
        name = base_name(node) or ""
        return name if name in learned else ""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        receiver = node.func.value
        if isinstance(receiver, ast.Name) and receiver.id in learned:
            if node.func.attr in (*MUTATORS, "sort", "reverse", "fit", "partial_fit", "popitem"):
                return receiver.id
            if literal(keyword(node, "inplace")) is True:
                return receiver.id
    return ""


def _drawn(flow: Flow, function: ast.FunctionDef, node: ast.Call) -> Iterator[Finding]:
    root = base_name(node.func)
    module = flow.imports.get(root or "", "")
    if not module:
        return
    text = ast.unparse(node.func)
    qual = f"{module}{text[len(root or ''):]}"
    if qual.startswith(("numpy.random.", "random.")) and not qual.endswith("seed"):
        yield _finding(
            "E-RANDOM",
            f"{function.name} draws random numbers, so one request has many answers",
            node,
            "learn what is drawn before the function, or choose without luck",
        )
    elif known_effects("functions").get(qual) == "clock":
        yield _finding(
            "W-CLOCK",
            f"{function.name} reads the clock, so its answers change with the day",
            node,
            "take the date as a parameter",
        )


def _finding(code: str, message: str, node: ast.AST, advice: str) -> Finding:
    return Finding(code, message, origin(node), ast.unparse(node)[:120], advice)
