"""Models of statsmodels are built around their data: ``OLS(y, X).fit()`` says in one call what is fitted."""

from __future__ import annotations

import ast
import re

from nbprod.flow.scope import base_name, keyword, literal
from nbprod.flow.tree import walk

FORMULAS = frozenset(("ols", "logit", "glm", "wls", "gls", "probit", "poisson", "rlm", "mnlogit"))
# What formulas know without the notebook's names. https://patsy.readthedocs.io/en/latest/builtins-reference.html
PATSY = frozenset(
    "C I bs cr cc te center scale standardize Treatment Sum Poly Helmert Diff".split()
)
_NAME = re.compile(r"[A-Za-z_]\w*")


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


def formula_parts(call: ast.Call) -> tuple[str, list[str], ast.expr] | None:
    """Return label, columns and data of ``ols("y ~ a + C(b)", data=df)``; None where a name is no plain column."""
    text = literal(call.args[0] if call.args else keyword(call, "formula"))
    data = call.args[1] if len(call.args) > 1 else keyword(call, "data")
    if not isinstance(text, str) or text.count("~") != 1 or data is None:
        return None
    left, right = (part.strip() for part in text.split("~"))
    if not _NAME.fullmatch(left):
        return None
    columns: dict[str, None] = {}
    try:
        tree = ast.parse(right.replace(":", "*").replace("^", "**").replace("|", "+"), mode="eval")
    except (SyntaxError, ValueError):
        return None
    functions = {id(c.func) for c in walk(tree) if isinstance(c, ast.Call)}
    for part in walk(tree):
        if isinstance(part, ast.Call) and ast.unparse(part.func) == "Q":
            return None
        if isinstance(
            part, ast.Attribute
        ):  # names of the notebook mean nothing when the model is read again
            return None
        if isinstance(part, ast.Call) and ast.unparse(part.func) not in PATSY:
            return None
    names = [n for n in walk(tree) if isinstance(n, ast.Name) and id(n) not in functions]
    columns |= dict.fromkeys(name.id for name in sorted(names, key=lambda n: n.col_offset))
    if not columns or left in columns:
        return None
    return left, list(columns), data


__all__ = ["FORMULAS", "formula_parts", "imported", "in_one_call", "is_model", "qualified"]
