"""Learned variables in expressions, and who an expression was before it was copied."""

from __future__ import annotations

import ast
import copy


class NameMap(ast.NodeTransformer):
    """Read learned variables from where they are kept."""

    def __init__(self, names: dict[str, ast.expr]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if isinstance(node.ctx, ast.Load) and node.id in self.names:
            return copy.deepcopy(self.names[node.id])
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        hidden = {a.arg for a in node.args.args}
        node.body = NameMap({k: v for k, v in self.names.items() if k not in hidden}).visit(
            node.body
        )
        return node


def identity(node: ast.AST) -> int:
    """Return what identifies an expression of the notebook, the same for copies of it."""
    return getattr(node, "twin", id(node))
