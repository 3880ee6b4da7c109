"""Files that a person hands to Colab in a dialog: read from where the notebook lies, under their own names."""

from __future__ import annotations

import ast

from nbprod.flow.scope import literal
from nbprod.flow.statsmodels_calls import imported, qualified
from nbprod.flow.tree import walk

DIALOG = "google.colab.files.upload"
IN_MEMORY = ("BytesIO", "StringIO")


def by_name(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the program with ``io.BytesIO(uploaded["a.csv"])`` written as ``"a.csv"`` (the same list when there is none)."""
    imports = imported(body)
    uploaded = {
        target.id
        for node in body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name) and qualified(imports, node.value.func) == DIALOG
    }
    if not uploaded:
        return body
    change = _Names(uploaded)
    return [change.visit(node) for node in body]


class _Names(ast.NodeTransformer):
    def __init__(self, uploaded: set[str]) -> None:
        self.uploaded = uploaded

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if ast.unparse(node.func).rsplit(".", 1)[-1] not in IN_MEMORY or len(node.args) != 1:
            return node
        for part in walk(node.args[0]):
            if (
                isinstance(part, ast.Subscript)
                and isinstance(part.value, ast.Name)
                and part.value.id in self.uploaded
                and isinstance(name := literal(part.slice), str)
            ):
                named = ast.Constant(name)
                named.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
                return ast.copy_location(named, node)
        return node


__all__ = ["by_name"]
