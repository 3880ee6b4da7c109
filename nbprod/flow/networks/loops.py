"""Loops of a notebook that train a network: they go back through a loss and step an optimizer."""

from __future__ import annotations

import ast

from nbprod.flow.tree import walk


def training_functions(body: list[ast.stmt]) -> set[str]:
    """Return the functions of a notebook that train, themselves or through others."""
    functions = {s.name: s for s in body if isinstance(s, ast.FunctionDef)}
    found: set[str] = set()
    while True:
        more = {n for n, s in functions.items() if n not in found and trains(s, found)}
        if not more:
            return found
        found |= more


def trains(node: ast.AST, functions: set[str]) -> bool:
    """Say whether a statement trains: by itself, or by calling one of ``functions``."""
    called: set[str] = set()
    for part in walk(node):
        if not isinstance(part, ast.Call):
            continue
        if isinstance(part.func, ast.Attribute):
            called.add(part.func.attr)
        elif isinstance(part.func, ast.Name) and part.func.id in functions:
            return True
    return {"backward", "step"} <= called


def backwards(node: ast.AST) -> ast.Call | None:
    """Return the call of ``backward`` in a statement."""
    for part in walk(node):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            if part.func.attr == "backward" and len(part.args) <= 1:
                return part
    return None


__all__ = ["backwards", "training_functions", "trains"]
