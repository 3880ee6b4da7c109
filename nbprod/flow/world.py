"""Whether a call brings in the time, chance, or something else from outside the rows."""

from __future__ import annotations

import ast
from functools import cache
from typing import Literal

from nbprod.flow.scope import literal
from nbprod.knowledge import table

World = Literal["clock", "random", "outside", ""]


def world(node: ast.AST, path: str) -> World:
    """Classify the call (or attribute) ``node`` of the qualified name ``path``; ``""`` for what depends on its arguments alone."""
    known = table("world")
    if _among(path, "clock"):
        given_time = (
            path in known["clock"]["of_a_time"]
            and _arguments(node) > known["clock"]["of_a_time"][path]
        )
        return "" if given_time else "clock"
    if path in known["clock"]["by_word"] and isinstance(node, ast.Call):
        given = [*node.args, *(k.value for k in node.keywords)]
        if any(literal(value) in known["clock"]["words"] for value in given):
            return "clock"
    if _among(path, "random") and not is_generator(path):
        return "random"
    return "outside" if _among(path, "outside") else ""


def _arguments(node: ast.AST) -> int:
    return len(node.args) + len(node.keywords) if isinstance(node, ast.Call) else 0


def is_generator(path: str) -> bool:
    """Say whether a qualified name makes a generator of random numbers."""
    return path in table("world")["random"]["generators"]


def _among(path: str, kind: str) -> bool:
    names, beginnings = _calls(kind)
    return path in names or path.startswith(beginnings)


@cache
def _calls(kind: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the qualified names of a kind of call, and what those begin with of which all are."""
    names = table("world")[kind]["calls"]
    return frozenset(names), tuple(n for n in names if n.endswith("."))


__all__ = ["World", "is_generator", "world"]
