"""Files of several arrays with names: each array is read from the file itself."""

from __future__ import annotations

import ast
import copy

from nbprod.flow.scope import literal
from nbprod.flow.statsmodels_calls import imported, qualified
from nbprod.flow.tree import walk

ARCHIVES = ("numpy.load", "scipy.io.loadmat")


def by_array(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the program with ``z = np.load(p); X = z["X"]`` written as ``X = np.load(p)["X"]`` (the same list when there is none).

    Only where the variable is bound once.
    """
    imports = imported(body)
    stores: dict[str, int] = {}
    opened: dict[str, ast.Call] = {}
    for statement in body:
        for node in walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                stores[node.id] = stores.get(node.id, 0) + 1
        value = statement.value if isinstance(statement, ast.Assign) else None
        if isinstance(statement, ast.Assign) and isinstance(value, ast.Call):
            target = statement.targets[0]
            if isinstance(target, ast.Name) and qualified(imports, value.func) in ARCHIVES:
                opened[target.id] = value
    once = {name: call for name, call in opened.items() if stores[name] == 1}
    if not once:
        return body
    change = _Arrays(once)
    return [change.visit(node) for node in body]


class _Arrays(ast.NodeTransformer):
    def __init__(self, opened: dict[str, ast.Call]) -> None:
        self.opened = opened

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        name = node.value.id if isinstance(node.value, ast.Name) else ""
        if name not in self.opened or not isinstance(literal(node.slice), str):
            return node
        new = ast.Subscript(copy.deepcopy(self.opened[name]), node.slice, node.ctx)
        for part in walk(new):
            part.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
        return ast.copy_location(new, node)


__all__ = ["ARCHIVES", "by_array"]
