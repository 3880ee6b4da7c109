"""Print ``transformers.py``: classes of the notebook, with the functions and numbers of it that they read."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbprod.findings import Finding, Origin
from nbprod.flow.program import origin
from nbprod.flow.scope import literal
from nbprod.flow.tree import walk
from nbprod.flow.unbound import unbound
from nbprod.flow.values import Flow
from nbprod.modules.imports import Imports, arrange, parsed
from nbprod.modules.printing import Printer
from nbprod.modules.tidy import rename

ADVICE = "hand the value to the class as an argument of __init__"


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
    """Return the assignments ``a, b = 3, 4`` of names that the parts read, the last ones that say a value."""
    fixed = [_values(made) for made in _made(parts, flow, constants).values()]
    return list(dict.fromkeys(said[-1] for said in fixed if said))


def _values(made: list[ast.stmt]) -> list[ast.Assign]:
    return [s for s in made if isinstance(s, ast.Assign) and literal(s.value) is not NotImplemented]


def _made(
    parts: list[ast.stmt], flow: Flow, constants: dict[str, str]
) -> dict[str, list[ast.stmt]]:
    """Return the statements that set each name which the parts read and the notebook defines."""
    wanted = set(unbound(parts)) - set(constants)
    made: dict[str, list[ast.stmt]] = {}
    for statement in flow.body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            continue
        stored = {
            n.id
            for n in walk(statement)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        for name in wanted & stored:
            made.setdefault(name, []).append(statement)
    return {name: made[name] for name in sorted(made)}


def read_of_the_notebook(
    classes: list[ast.ClassDef], constants: dict[str, str], flow: Flow
) -> Iterator[Finding]:
    """Yield what classes read of the notebook's variables that is not a written value: a service has none of them."""
    parts: list[ast.stmt] = [*_functions(classes, flow), *classes]
    computed: dict[tuple[Origin, bool], tuple[ast.stmt, list[str]]] = {}
    for name, made in _made(parts, flow, constants).items():
        values = _values(made)
        other = [statement for statement in made if statement not in values]
        if other:
            key = (origin(other[-1]), bool(values))
            computed.setdefault(key, (other[-1], []))[1].append(name)
    for (where, written), (statement, names) in computed.items():
        said = ", ".join(names)
        message = (
            f"{said}: computed here too; the classes that read it get the value written before"
            if written
            else f"a class of the notebook reads {said}, computed here from data; a saved object does not have it"
        )
        code = "W-SET-AGAIN" if written else "E-CLASS-READS"
        yield Finding(code, message, where, ast.unparse(statement)[:200], ADVICE)


__all__ = ["print_classes", "read_of_the_notebook"]
