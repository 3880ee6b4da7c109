"""Print ``transformers.py``: classes of the notebook, with the functions and numbers of it that they read."""

from __future__ import annotations

import ast

from nbprod.flow.scope import literal
from nbprod.flow.tree import walk
from nbprod.flow.unbound import unbound
from nbprod.flow.values import Flow
from nbprod.modules.imports import Imports, arrange, parsed
from nbprod.modules.printing import Printer
from nbprod.modules.tidy import rename


def print_classes(
    classes: list[ast.ClassDef],
    imports: Imports,
    constants: dict[str, str],
    printer: Printer,
    flow: Flow,
) -> str:
    """Return the source of ``transformers.py``."""
    called = _functions(classes, flow)
    parts = [*_numbers([*called, *classes], flow, constants), *called, *classes]
    source = "\n\n\n".join(printer.body([rename(c, constants)], 0) for c in parts)
    names = {n.id for n in walk(parsed(source)) if isinstance(n, ast.Name)} & set(
        constants.values()
    )
    package = [f"from .config import {', '.join(sorted(names))}"] if names else []
    head = '"""Transformers and estimators that the notebook defines."""'
    return "\n".join(
        [
            head,
            "",
            arrange(["from __future__ import annotations", *imports.used(source), *package]),
            "",
            source,
            "",
        ]
    )


def _functions(classes: list[ast.ClassDef], flow: Flow) -> list[ast.FunctionDef]:
    """Return the functions of the notebook that methods of the classes call, themselves and through others."""
    found: dict[str, None] = {}
    waiting: list[ast.stmt] = [*classes]
    while waiting:
        named = {n.id for n in walk(waiting.pop()) if isinstance(n, ast.Name)}
        new = [name for name in flow.functions if name in named and name not in found]
        found |= dict.fromkeys(new)
        waiting += [flow.functions[name] for name in new]
    return [function for name, function in flow.functions.items() if name in found]


def _numbers(parts: list[ast.stmt], flow: Flow, constants: dict[str, str]) -> list[ast.Assign]:
    """Return the assignments ``a, b = 3, 4`` of names that the parts read, where each is assigned values only."""
    wanted = set(unbound(parts)) - set(constants)
    made: dict[str, list[ast.Assign]] = {}
    for statement in flow.body:
        if isinstance(statement, ast.Assign):
            for node in walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    made.setdefault(node.id, []).append(statement)
    fixed = [
        made[name][-1]
        for name in sorted(wanted & set(made))
        if all(literal(statement.value) is not NotImplemented for statement in made[name])
    ]
    return list(dict.fromkeys(fixed))


__all__ = ["print_classes"]
