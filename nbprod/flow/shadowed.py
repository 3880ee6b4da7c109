"""Variables that take the name of an import, as in ``svm = svm.SVC()``: a function cannot read the one and set the other."""

from __future__ import annotations

import ast

from nbprod.flow.tree import walk


def apart(body: list[ast.stmt]) -> list[ast.stmt]:
    """Give each variable that is assigned over an import a name of its own, from there on.

    Only plain assignments at the top of a cell count; importing the name again ends it. The statements are
    changed in place: their origins and comments stay.
    """
    imported: set[str] = set()
    taken = {n.id for statement in body for n in walk(statement) if isinstance(n, ast.Name)}
    other: dict[str, str] = {}
    for statement in body:
        names = _imported_by(statement)
        imported |= names
        other = {name: new for name, new in other.items() if name not in names}
        if isinstance(statement, ast.Assign):
            renamed_in(statement.value, other)
            for name in sorted(_set_by(statement) & imported - set(other)):
                other[name] = _free(name, statement.value, taken)
                taken.add(other[name])
            for target in statement.targets:
                renamed_in(target, other)
        elif other:
            renamed_in(statement, other)
    return body


def _imported_by(statement: ast.stmt) -> set[str]:
    """Return the names that an import binds, also one that is tried."""
    found = (n for n in walk(statement) if isinstance(n, (ast.Import, ast.ImportFrom)))
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return set()
    return {(alias.asname or alias.name).partition(".")[0] for n in found for alias in n.names}


def _set_by(statement: ast.Assign) -> set[str]:
    return {target.id for target in statement.targets if isinstance(target, ast.Name)}


def _free(name: str, value: ast.expr, taken: set[str]) -> str:
    made = ast.unparse(value.func).rpartition(".")[2] if isinstance(value, ast.Call) else ""
    new = f"{name}_model" if made[:1].isupper() else f"{name}_value"
    while new in taken:
        new += "_"
    return new


def renamed_in(tree: ast.AST, other: dict[str, str]) -> None:
    """Rename variables in place, but not the parameters of functions and what they hide."""
    local = _parameters(tree)
    inner = {name: new for name, new in other.items() if name not in local}
    if isinstance(tree, ast.Name):
        tree.id = inner.get(tree.id, tree.id)
    elif isinstance(tree, (ast.Global, ast.Nonlocal)):
        tree.names = [inner.get(name, name) for name in tree.names]
    for child in ast.iter_child_nodes(tree):
        renamed_in(child, inner)


def _parameters(tree: ast.AST) -> set[str]:
    if not isinstance(tree, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        return set()
    return {n.arg for n in ast.walk(tree.args) if isinstance(n, ast.arg)}


__all__ = ["apart", "renamed_in"]
