"""Thresholds that a notebook finds by looking at the scores of its fitted model: Youden's J, the best F1."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence
from dataclasses import dataclass

from nbprod.flow.scope import base_name
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.split.sinks import Sink

CHANGING = ("append", "extend", "insert", "update", "add")


@dataclass(frozen=True)
class Search:
    """Statements that find a threshold, its ``value``, and the variables of ``rows`` that they read."""

    statements: tuple[ast.stmt, ...]
    value: ast.expr
    rows: frozenset[str]


def search_of(flow: Flow, sink: Sink, value: ast.expr, at: ast.stmt) -> Search | None:
    """Return how ``value`` is found by statements between the fit and ``at``, None where it cannot be repeated.

    Everything must stand at the top of its cell and come from the model, from rows that exist when it is fitted, from
    imports and from constants.
    """
    body = flow.body
    if sink.statement not in body or at not in body:
        return None
    start, end = body.index(sink.statement), body.index(at)
    needed = _read([value])
    kept: list[ast.stmt] = []
    for node in reversed(body[start + 1 : end]):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        changed = _changed(node)
        if not changed & needed:
            continue
        if isinstance(node, (ast.ClassDef, ast.With, ast.Try, ast.While)):
            return None
        kept.insert(0, node)
        if isinstance(node, ast.Assign):
            needed -= {t.id for t in node.targets if isinstance(t, ast.Name)}
            needed -= {
                part.id
                for t in node.targets
                if isinstance(t, ast.Tuple)
                for part in t.elts
                if isinstance(part, ast.Name)
            }
        needed |= _free(node) if isinstance(node, ast.FunctionDef) else _read([node]) - _local(node)
    needed.discard(sink.model)
    for node in reversed(body[:start]):
        if isinstance(node, ast.FunctionDef) and node.name in needed:
            kept.insert(0, node)
            needed = (needed - {node.name}) | _free(node)
        elif isinstance(node, ast.Assign) and _changed(node) & needed:
            if flow.val(node.value).role == "const" and len(node.targets) == 1:
                kept.insert(0, node)
                needed = (needed - _changed(node)) | _read([node.value])
    bound = {name for node in kept for name in _changed(node)}
    before = {name for n in body[: start + 1] for name in _changed(n)}
    between = {name for n in body[start + 1 : end] for name in _changed(n)}
    rows: set[str] = set()
    for name in needed - {sink.model} - set(flow.imports) - set(dir(builtins)):
        if name in bound and name not in before:
            continue  # by a loop, for itself
        known = flow.final.get(name)
        if known is None or not known.is_row or name in between:
            return None
        rows.add(name)
    asks = any(isinstance(n, ast.Name) and n.id == sink.model for s in kept for n in walk(s))
    return Search(tuple(kept), value, frozenset(rows)) if asks else None


def _read(nodes: Sequence[ast.AST]) -> set[str]:
    return {
        n.id
        for node in nodes
        for n in walk(node)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }


def _local(node: ast.stmt) -> set[str]:
    """Return the variables of comprehensions, lambdas and loops."""
    found: set[str] = set()
    for part in walk(node):
        if isinstance(part, (ast.comprehension, ast.For)):
            found |= {n.id for n in walk(part.target) if isinstance(n, ast.Name)}
        elif isinstance(part, ast.arg):
            found.add(part.arg)
    return found


def _free(function: ast.FunctionDef) -> set[str]:
    stored = {
        n.id for n in walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    return _read([function]) - stored - _local(function)


def _changed(node: ast.stmt) -> set[str]:
    """Return the variables that a statement binds or changes."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return {node.name}
    found: set[str] = set()
    for part in walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            found.add(part.id)
        elif isinstance(part, (ast.Subscript, ast.Attribute)) and isinstance(part.ctx, ast.Store):
            found |= {name for name in [base_name(part)] if name}
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            if part.func.attr in CHANGING:
                found |= {name for name in [base_name(part.func)] if name}
    return found


__all__ = ["Search", "search_of"]
