"""Constants of the notebook that become settings of ``config.py``."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Literal

from nbprod.flow.program import origin, role_said
from nbprod.flow.scope import literal
from nbprod.flow.tree import walk
from nbprod.modules.analysis import Analysis
from nbprod.modules.printing import Printer
from nbprod.modules.values import Setting
from nbprod.split.naming import snake


def find(analysis: Analysis, printer: Printer) -> tuple[list[Setting], dict[str, str]]:
    """Return settings for literals assigned once, and the names that they get."""

    def kept(statement: ast.stmt) -> bool:
        mark = analysis.slices.marks.get(id(statement))
        return mark is not None and (mark.kept or mark.model)

    return literals(analysis.flow.body, kept, _changed(analysis), printer)


def literals(
    body: list[ast.stmt],
    kept: Callable[[ast.stmt], bool],
    changed: set[str],
    printer: Printer,
) -> tuple[list[Setting], dict[str, str]]:
    """Return settings for the literals that ``kept`` statements assign once to names never ``changed``."""
    stores: dict[str, int] = {}
    for node in walk(ast.Module(body, [])):
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            stores[node.id] = stores.get(node.id, 0) + 1
    overridden = _overridden(body, stores)
    settings: list[Setting] = []
    names: dict[str, str] = {}
    taken: set[str] = set()
    for statement in body:
        if not isinstance(statement, ast.Assign) or not kept(statement):
            continue
        target = statement.targets[0]
        if (
            len(statement.targets) != 1
            or not isinstance(target, ast.Name)
            or stores[target.id] != 1
        ):
            continue
        if id(statement) in overridden:
            continue
        value = literal(statement.value)
        if value is NotImplemented or value is None or target.id in changed or value in ([], {}):
            continue
        name = snake(target.id).upper().strip("_") or "VALUE"
        if name in taken or name.endswith("_PATH") or len(name) < 2:
            continue
        taken.add(name)
        names[target.id] = name
        comment = " ".join(c.lstrip("# ") for c in getattr(statement, "lead", []))
        settings.append(
            Setting(
                name,
                printer.expression(statement.value),
                _kind(statement),
                comment[:100],
                origin(statement),
            )
        )
    return settings, names


def _kind(statement: ast.stmt) -> Literal["parameter", "constant"]:
    return "parameter" if role_said(statement) == "parameters" else "constant"


def _overridden(body: list[ast.stmt], stores: dict[str, int]) -> set[int]:
    """Return assignments of parameters that a later ``parameters`` cell repeats, as papermill injects them.

    ``stores`` counts the assignments of each name; these no longer count.
    """
    last: dict[str, int] = {}
    found: set[int] = set()
    for statement in body:
        if not isinstance(statement, ast.Assign) or role_said(statement) != "parameters":
            continue
        for target in statement.targets:
            if isinstance(target, ast.Name):
                if target.id in last:
                    found.add(last[target.id])
                    stores[target.id] -= 1
                last[target.id] = id(statement)
    return found


def _changed(analysis: Analysis) -> set[str]:
    """Return the names whose objects are changed in place somewhere."""
    from nbprod.split.effects import effects
    from nbprod.split.sinks import statements

    return {
        e.name
        for s, _ in statements(analysis.flow.body)
        for e in effects(analysis.flow, s)
        if e.kind != "bind"
    }
