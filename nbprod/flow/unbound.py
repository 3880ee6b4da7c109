"""Names that a program reads and nothing in it makes: it leans on a session that nobody else has."""

from __future__ import annotations

import ast
import builtins

from nbprod.flow.tree import walk


def unbound(body: list[ast.stmt]) -> list[str]:
    """Return names that are read but bound nowhere; nothing when a star import may bind any name."""
    read: dict[str, None] = {}
    bound = set(dir(builtins)) | {"__name__", "__file__", "get_ipython", "display"}
    for node in walk(ast.Module(body, [])):
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                read.setdefault(node.id)
            else:
                bound.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            bound.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            bound.add(node.rest)
    if "*" in bound:
        return []
    return [name for name in read if name not in bound]
