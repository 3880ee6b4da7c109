"""Calls of a notebook that current versions of its libraries no longer have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.knowledge import table


def removed_calls(flow: Flow, body: list[ast.stmt], text: str) -> list[Finding]:
    """Return a finding for each removed call, with its replacement and the last version that has it.

    A call is reported only where the installed version is newer, or the library is not installed.
    ``text`` is the source of the cells: a name that is not in it need not be looked for.
    """
    named = [r for r in table("removed")["removed"] if re.split(r"[.=]", r["match"])[-1] in text]
    rules = [r for r in named if _gone(r["library"], r["last"])]
    if not rules:
        return []
    found: dict[tuple[str, int, int], Finding] = {}
    for node in walk(ast.Module(body, [])):
        for rule in rules:
            if any(_matches(flow, node, rule["kind"], name) for name in [rule["match"]]):
                at = origin(node)
                found.setdefault(
                    (rule["match"], at.cell, at.line),
                    Finding(
                        "W-REMOVED-API",
                        f"{rule['match'].replace('=', ' = ')} is gone since {rule['library']} {rule['last']}",
                        at,
                        ast.unparse(node).split("\n")[0][:160],
                        f"use {rule['instead']}, or verify with an older environment: nbprod verify --python",
                    ),
                )
    return list(found.values())


def _gone(library: str, last: str) -> bool:
    installed = _installed(library)
    return installed is None or _numbers(installed)[:2] > _numbers(last)[:2]


@cache
def _installed(library: str) -> str | None:
    from importlib import metadata

    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")[:2] if part.isdigit()]


def _matches(flow: Flow, node: ast.AST, kind: str, match: str) -> bool:
    if kind == "name":
        return any(name == match or name.startswith(f"{match}.") for name in _names(flow, node))
    if kind in ("method", "frame-method"):
        if not (isinstance(node, ast.Attribute) and node.attr == match):
            return False
        val = flow.val(node.value)
        if kind == "frame-method":
            return val.kind == "frame" and val.role in ("row", "stat")
        return val.role != "module"
    if not isinstance(node, ast.Call):
        return False
    if kind == "value":
        name, value = match.split("=")
        return any(
            k.arg == name and isinstance(k.value, ast.Constant) and k.value.value == value
            for k in node.keywords
        )
    owner, name = match.split(".")
    called = (
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    )
    return called == owner and any(k.arg == name for k in node.keywords)


def _names(flow: Flow, node: ast.AST) -> Iterator[str]:
    """Return the qualified names that an import or an attribute stands for."""
    if isinstance(node, ast.Import):
        yield from (a.name for a in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield from (f"{node.module}.{a.name}" for a in node.names)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        qual = flow.imports.get(node.value.id)
        if qual:
            yield f"{qual}.{node.attr}"
