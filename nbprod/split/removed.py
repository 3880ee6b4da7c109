"""Calls of a notebook that current versions of its libraries no longer have."""

from __future__ import annotations

import ast
import platform
from collections.abc import Iterator
from functools import cache

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow, Val
from nbprod.knowledge.removed_calls import Removed, removed

OF_LISTS = ("append", "nonzero", "sort")
_KINDS: tuple[type[ast.AST], ...] = (ast.Import, ast.ImportFrom, ast.Attribute, ast.Call)
# the nodes that a kind of rule is about; all other kinds are about calls
_NODES: dict[str, tuple[type[ast.AST], ...]] = {"name": _KINDS[:3], "method": (ast.Attribute,)}
TABLES = ("frame", "series", "groupby", "array", "index")


def removed_calls(flow: Flow, body: list[ast.stmt], text: str) -> list[Finding]:
    """Return a finding for each removed call, with its replacement and the last version that has it.

    A call is reported only where the installed version is newer, or the library is not installed, and only
    where the analysis knows what the call is made on. ``text`` is the source of the cells: a name that is not in it need
    not be looked for.
    """
    rules = [rule for rule in removed() if rule.word in text]
    if not rules:
        return []
    found: dict[tuple[str, int, int], Finding] = {}
    by_node = {
        kind: [r for r in rules if kind in _NODES.get(r.kind, (ast.Call,))] for kind in _KINDS
    }
    for node in walk(ast.Module(body, [])):
        for rule in by_node.get(type(node), ()):
            # what is installed is asked last: looking that up takes longer than the rest of it
            if _matches(flow, node, rule) and is_gone(rule, installed_version(rule.distribution)):
                at = origin(node)
                found.setdefault(
                    (rule.text, at.cell, at.line),
                    Finding(
                        "W-REMOVED-API",
                        f"{rule.text} is gone since {rule.distribution} {rule.gone}; the last version with it is {rule.last}",
                        at,
                        ast.unparse(node).split("\n")[0][:160],
                        f"use {rule.instead}, or verify with an older environment: nbprod verify --python",
                    ),
                )
    return list(found.values())


def is_gone(rule: Removed, installed: str | None) -> bool:
    """Say whether a version lacks the call; a library that is not installed is taken to be current."""
    if installed is None:
        return not rule.back
    version = _numbers(installed)
    if rule.back and version >= _numbers(rule.back):
        return False
    return version >= _numbers(rule.gone)


@cache
def installed_version(library: str) -> str | None:
    """Return the version of a distribution here, None when it is not installed."""
    from importlib import metadata

    if library == "python":
        return platform.python_version()
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")[:2] if part.isdigit()]


def _matches(flow: Flow, node: ast.AST, rule: Removed) -> bool:
    if rule.kind == "name":
        return any(
            name == rule.call or name.startswith(f"{rule.call}.")
            for name in _names(flow, node, rule)
        )
    if rule.kind == "method":
        return (
            isinstance(node, ast.Attribute)
            and node.attr == rule.call
            and isinstance(node.ctx, ast.Load)
            and _is_on(flow.val(node.value), rule)
        )
    return isinstance(node, ast.Call) and _calls(flow, node, rule) and _passes(node, rule)


def _passes(node: ast.Call, rule: Removed) -> bool:
    if rule.kind == "positional":
        return len(node.args) > rule.most and not any(isinstance(a, ast.Starred) for a in node.args)
    return any(
        k.arg == rule.argument
        and (
            rule.kind == "keyword"
            or (isinstance(k.value, ast.Constant) and k.value.value == rule.value)
        )
        for k in node.keywords
    )


def _calls(flow: Flow, node: ast.Call, rule: Removed) -> bool:
    """Say whether the call is of the rule's function, class or method."""
    function = node.func
    if rule.on:
        return (
            isinstance(function, ast.Attribute)
            and function.attr == rule.call
            and _is_on(flow.val(function.value), rule)
        )
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name.endswith(rule.call) and any(
        path.split(".")[0] == rule.module and path.rsplit(".", 1)[-1] == rule.call
        for path in _paths(flow, function)
    )


def _is_on(val: Val, rule: Removed) -> bool:
    """Say whether a value is one of the receivers of a rule, as far as the analysis knows."""
    for receiver in rule.on:
        kind, _, detail = receiver.partition(":")
        if kind == "estimator":
            if val.kind in ("estimator", "model") and val.qual.split(".")[0] == rule.module:
                return True
        elif kind == "model":
            if val.kind in ("estimator", "model") and val.qual.startswith(detail):
                return True
        elif kind == "accessor":
            if val.kind == "accessor" and val.qual == detail:
                return True
        elif val.kind == kind and kind in TABLES and val.role in ("row", "stat"):
            # arrays and lists made of a column count as series elsewhere, and have these methods, too
            return kind != "series" or rule.call not in OF_LISTS or val.qual.startswith("column:")
    return False


def _names(flow: Flow, node: ast.AST, rule: Removed) -> Iterator[str]:
    """Return the qualified names that an import or an attribute stands for."""
    if isinstance(node, (ast.Import, ast.ImportFrom)) and hasattr(node, "written"):
        yield node.written  # was replaced by its successor already
    elif isinstance(node, ast.Import):
        yield from (a.name for a in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield from (f"{node.module}.{a.name}" for a in node.names)
    elif isinstance(node, ast.Attribute):
        for path in _paths(flow, node):
            root = _root(node)
            imported = flow.imports.get(root, "")
            # what was imported by a removed name was reported where it was imported
            if imported != rule.call and not imported.startswith(f"{rule.call}."):
                yield path


def _paths(flow: Flow, node: ast.expr) -> Iterator[str]:
    """Return the dotted path of an imported name or of an attribute of an imported module."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    if isinstance(node, ast.Name) and node.id in flow.imports:
        yield ".".join([flow.imports[node.id], *parts])


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


__all__ = ["installed_version", "is_gone", "removed_calls"]
