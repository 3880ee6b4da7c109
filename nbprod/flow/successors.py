"""Write what older libraries accepted as every version that the package can run on does.

Only where the meaning stays: functions that moved to another module, a tuple of one value that is
assigned to a column of some rows, which older versions of pandas took for the value, ``getattr`` with a name and ``pipe``.
"""

from __future__ import annotations

import ast
from typing import Any

MOVED = {
    ("sklearn.cross_validation", "train_test_split"): "sklearn.model_selection",
    ("sklearn.cross_validation", "cross_val_score"): "sklearn.model_selection",
    ("sklearn.cross_validation", "cross_val_predict"): "sklearn.model_selection",
    ("sklearn.grid_search", "GridSearchCV"): "sklearn.model_selection",
    ("sklearn.grid_search", "RandomizedSearchCV"): "sklearn.model_selection",
    ("sklearn.grid_search", "ParameterGrid"): "sklearn.model_selection",
    ("sklearn.externals", "joblib"): "",
}
_MODULES = frozenset(module for module, _ in MOVED)
_WORDS = (".loc", "getattr", ".pipe", *_MODULES)


def with_successors(tree: ast.Module, text: str) -> ast.Module:
    """Return the tree of a cell in today's words; ``text`` is its source, a cheap first look."""
    if not any(word in text for word in _WORDS):
        return tree
    found: ast.Module = _Successors().visit(tree)
    return found


class _Successors(ast.NodeTransformer):
    def visit_ImportFrom(self, node: ast.ImportFrom) -> Any:
        if node.module not in _MODULES or node.level:
            return node
        return [self._moved(node, alias) for alias in node.names]

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if (
            isinstance(node.func, ast.Attribute)
            and node.func.attr == "pipe"
            and node.args
            and isinstance(node.args[0], ast.Name)
        ):
            call = ast.Call(node.args[0], [node.func.value, *node.args[1:]], node.keywords)
            return ast.copy_location(call, node)
        name = node.args[1] if len(node.args) == 2 and not node.keywords else None
        if (
            isinstance(node.func, ast.Name)
            and node.func.id == "getattr"
            and isinstance(name, ast.Constant)
            and str(name.value).isidentifier()
        ):
            attribute = ast.Attribute(node.args[0], str(name.value), ast.Load())
            return ast.copy_location(attribute, node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        value = node.value
        if (
            all(_is_column_of_rows(target) for target in node.targets)
            and isinstance(value, ast.Tuple)
            and len(value.elts) == 1
            and not isinstance(value.elts[0], ast.Starred)
        ):
            node.value = value.elts[0]
        return node

    @staticmethod
    def _moved(node: ast.ImportFrom, alias: ast.alias) -> ast.stmt:
        module = MOVED.get((str(node.module), alias.name), node.module)
        new: Any = ast.ImportFrom(module, [alias], 0) if module else ast.Import([alias])
        new.written = f"{node.module}.{alias.name}"
        moved: ast.stmt = ast.copy_location(new, node)
        return moved


def _is_column_of_rows(target: ast.expr) -> bool:
    """Whether this is ``table.loc[rows, "column"]``."""
    return (
        isinstance(target, ast.Subscript)
        and isinstance(target.value, ast.Attribute)
        and target.value.attr == "loc"
        and isinstance(target.slice, ast.Tuple)
        and isinstance(target.slice.elts[-1], ast.Constant)
    )


__all__ = ["with_successors"]
