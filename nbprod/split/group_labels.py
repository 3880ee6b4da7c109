"""The names of groups and of their columns: statements that give them, and the columns that the groups are called by."""

from __future__ import annotations

import ast

from nbprod.flow.scope import keyword, literal
from nbprod.flow.tree import walk

RELABELS = ("reset_index", "rename", "rename_axis", "set_axis", "droplevel", "copy", "to_frame")

UNKNOWN = ("reset_index", "unstack", "stack", "pivot", "melt", "transpose")  # other labels, or none


def is_relabelled(statement: ast.stmt, name: str) -> bool:
    """Say whether a statement changes the labels of a table and none of its values."""
    if isinstance(statement, ast.Assign):
        target, value = statement.targets[0], statement.value
        if isinstance(target, ast.Attribute):
            return ast.unparse(target) in (f"{name}.columns", f"{name}.index", f"{name}.index.name")
        own = isinstance(target, ast.Name) and target.id == name
    elif isinstance(statement, ast.Expr):
        value, own = statement.value, True
    else:
        return False
    while isinstance(value, ast.Call):
        called = value.func
        if not isinstance(called, ast.Attribute):
            return False
        if called.attr == "DataFrame" and len(value.args) == 1:
            value = value.args[0]
        elif called.attr in RELABELS:
            value = called.value
        else:
            return False
    return own and isinstance(value, ast.Name) and value.id == name


def label_columns(made: tuple[ast.stmt, ...], name: str) -> list[str]:
    """Return the columns whose values became the labels of the groups, nothing when that cannot be read."""
    for statement in reversed(made):
        for node in walk(statement):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr in UNKNOWN and name in _bound(statement):
                return []
            key = {
                "set_index": node.args[0] if node.args else keyword(node, "keys"),
                "groupby": node.args[0] if node.args else keyword(node, "by"),
                "pivot_table": keyword(node, "index"),
                "resample": keyword(node, "on"),
            }.get(node.func.attr)
            found = literal(key)
            if isinstance(found, str):
                return [found]
            if isinstance(found, list) and found and all(isinstance(f, str) for f in found):
                return list(found)
    return []


def _bound(statement: ast.stmt) -> set[str]:
    targets = getattr(statement, "targets", [])
    return {t.id for t in targets if isinstance(t, ast.Name)}


__all__ = ["is_relabelled", "label_columns"]
