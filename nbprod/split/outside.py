"""What serving would take from outside the request: files, networks, the environment, the clock, chance."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.flow.scope import literal
from nbprod.flow.tree import own_expressions, walk
from nbprod.flow.values import Flow
from nbprod.flow.world import world
from nbprod.split.learn_sites import REFUSED
from nbprod.split.learned import Learned
from nbprod.split.served import parts_of, path_of
from nbprod.split.sinks import Sink, statements

KNOWN = ("pandas", "numpy", "sklearn", "scipy", "builtins")


def reads(flow: Flow, served: list[ast.stmt], learned: Learned) -> Iterator[Finding]:
    """Yield what the served statements read from outside, and note each as an assumption."""
    for node in served:
        if isinstance(node, ast.FunctionDef):
            yield from _kept_whole(flow, node)
        inside = isinstance(node, (ast.FunctionDef, ast.ClassDef))
        for part in parts_of(node):
            if not isinstance(part, (ast.Call, ast.Attribute)):
                continue
            if isinstance(part, ast.Call) and _hands_over(flow, part):
                yield _outside(part, _hands_over(flow, part), learned)
            if isinstance(part, ast.Attribute) and part.attr == "__hash__":
                yield _outside(part, part.attr, learned)
            path = path_of(flow, part.func if isinstance(part, ast.Call) else part)
            kind = world(part, path) if path else ""
            if kind == "outside" and flow.val(part).role != "stat":
                yield _outside(part, path, learned)
            elif inside and isinstance(part, ast.Call) and kind == "random" and not _orders(path):
                yield _refused(part, "random")
            elif inside and isinstance(part, ast.Call) and kind == "clock":
                yield _clock(part, learned)


def _hands_over(flow: Flow, call: ast.Call) -> str:
    """Return what of the world a call hands over to be called for each row, as in ``map(hash)``."""
    names = [
        path_of(flow, value) for value in call.args if isinstance(value, (ast.Name, ast.Attribute))
    ]
    return next((name for name in names if name and world(call, name) == "outside"), "")


def _orders(path: str) -> bool:
    """Say whether a function of chance only seeds, or orders whole rows."""
    return path.rsplit(".", 1)[-1] in ("seed", "shuffle", "permutation")


def _kept_whole(flow: Flow, function: ast.FunctionDef) -> Iterator[Finding]:
    """A function that runs as it is must not do what a statement would be refused for."""
    for part in walk(function):
        rule = flow.rule(part)
        if rule in ("cross", "expand", "dynamic"):
            yield _refused(part, rule)


def _outside(node: ast.AST, path: str, learned: Learned) -> Finding:
    name = path.removeprefix("builtins.")
    what = f"what {name} gives is assumed to be the same when serving as when training"
    _assume(node, what, learned)
    return Finding(
        "W-OUTSIDE",
        f"{ast.unparse(node)[:80]} is asked again for every request; {what}",
        origin(node),
        ast.unparse(node)[:200],
        "read it once in a cell before the features, or make it a parameter",
    )


def _clock(node: ast.AST, learned: Learned) -> Finding:
    what = "a function on the serving path reads the clock"
    _assume(node, what, learned)
    return Finding(
        "W-CLOCK",
        f"{ast.unparse(node)[:80]}: {what}, so the answer for a row changes with the day it is asked",
        origin(node),
        ast.unparse(node)[:200],
        "pass the date in as a column or a parameter",
    )


def _assume(node: ast.AST, what: str, learned: Learned) -> None:
    at = origin(node)
    learned.assumptions[(at.cell, at.line, what)] = {
        "cell": at.cell,
        "line": at.line,
        "what": what,
        "source": ast.unparse(node)[:200],
    }


def _refused(node: ast.AST, rule: str, message: str = "") -> Finding:
    code, usual, advice = REFUSED[rule]
    text = ast.unparse(node).split("\n")[0]
    return Finding(code, f"{text[:80]}: {message or usual}", origin(node), text[:200], advice)


def dynamic(flow: Flow, sink: Sink) -> Iterator[Finding]:
    """Yield what makes the rest of the notebook unreadable: own code inside libraries, code in texts."""
    for node, _ in statements(flow.body):
        if node is sink.statement:
            return
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and _is_library(path_of(flow, target)):
                    yield _patched(target)
        for part in own_expressions(node):
            if not isinstance(part, ast.Call):
                continue
            path = path_of(flow, part.func)
            if path == "builtins.exec":
                yield _refused(part, "dynamic")
            elif isinstance(part.func, ast.Name) and part.func.id == "setattr" and part.args:
                name = literal(part.args[1]) if len(part.args) > 1 else ""
                if _is_library(f"{path_of(flow, part.args[0])}.{name}"):
                    yield _patched(part)


def _patched(node: ast.AST) -> Finding:
    return _refused(
        node, "dynamic", "own code is put into a library, so nothing that is known of it holds"
    )


def _is_library(path: str) -> bool:
    """Say whether a path leads to a function or class of a library, and not to an option of it."""
    parts = path.split(".")
    return len(parts) > 1 and parts[0] in KNOWN and "options" not in parts


__all__ = ["dynamic", "reads"]
