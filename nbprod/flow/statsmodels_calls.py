"""Models of statsmodels are built around their data: ``OLS(y, X).fit()`` says in one call what is fitted."""

from __future__ import annotations

import ast

from nbprod.flow.formulas import written_out
from nbprod.flow.scope import base_name
from nbprod.flow.tree import walk

FORMULAS = frozenset(("ols", "logit", "glm", "wls", "gls", "probit", "poisson", "rlm", "mnlogit"))


def qualified(imports: dict[str, str], node: ast.expr) -> str:
    """Return the qualified name of a function by the imports, an empty text when it has none."""
    root = base_name(node)
    if root is None or root not in imports:
        return ""
    return imports[root] + ast.unparse(node)[len(root) :]


def is_model(imports: dict[str, str], node: ast.AST) -> bool:
    """Say whether a call builds a model of statsmodels."""
    if not isinstance(node, ast.Call):
        return False
    name = qualified(imports, node.func)
    last = name.rsplit(".", 1)[-1]
    return name.startswith("statsmodels.") and (last in FORMULAS or last[:1].isupper())


def in_one_call(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the program with ``m = OLS(y, X)`` and a later ``m.fit()`` written as one call."""
    imports = imported(body)
    if not any(name.startswith("statsmodels") for name in imports.values()):
        return body
    built: dict[str, ast.Call] = {}
    written_out(body, [n for s in body for n in walk(s) if is_model(imports, n)])
    for node in body:
        for part in walk(node):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                built.pop(part.id, None)
                for name in [n for n, call in built.items() if part.id in _names(call)]:
                    del built[name]
            elif (
                isinstance(part, ast.Call)
                and isinstance(part.func, ast.Attribute)
                and part.func.attr == "fit"
                and isinstance(part.func.value, ast.Name)
                and part.func.value.id in built
            ):
                part.func.value = built[part.func.value.id]
        if isinstance(node, ast.Assign) and is_model(imports, node.value):
            target = node.targets[0]
            if len(node.targets) == 1 and isinstance(target, ast.Name):
                assert isinstance(node.value, ast.Call)
                built[target.id] = node.value
    return body


def imported(body: list[ast.stmt]) -> dict[str, str]:
    """Return the qualified names that a program imports, by the names it gives them."""
    found: dict[str, str] = {}
    for node in body:
        if isinstance(node, ast.Import):
            found |= {
                a.asname or a.name.split(".")[0]: a.name if a.asname else a.name.split(".")[0]
                for a in node.names
            }
        elif isinstance(node, ast.ImportFrom):
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return found


def _names(call: ast.Call) -> set[str]:
    return {part.id for part in walk(call) if isinstance(part, ast.Name)}


__all__ = ["FORMULAS", "imported", "in_one_call", "is_model", "qualified"]
