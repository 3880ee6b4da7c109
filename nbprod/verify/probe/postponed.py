"""Let the probe's modules run on Python 3.6, which evaluates annotations and knows no postponed ones.

Annotations say nothing at run time, so they are left out when a module is compiled.
"""

import ast
import importlib.machinery
import sys
from typing import Any

SUFFIX = ".py"


class _Bare(ast.NodeTransformer):
    """Removes annotations and the import that postpones them."""

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        self.generic_visit(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Assign(targets=[node.target], value=node.value), node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        return ast.copy_location(ast.Pass(), node) if node.module == "__future__" else node


class _Loader(importlib.machinery.SourceFileLoader):
    def source_to_code(  # type: ignore[override]
        self, data: Any, path: Any, *, _optimize: int = -1
    ) -> Any:
        tree = _Bare().visit(ast.parse(data, path))
        return compile(tree, path, "exec", dont_inherit=True, optimize=_optimize)


def install(folder: str) -> None:
    """Compile the modules below ``folder`` without annotations from now on."""
    finder = importlib.machinery.FileFinder.path_hook((_Loader, [SUFFIX]))

    def below(path: str) -> Any:
        if not path.startswith(folder):
            raise ImportError(path)
        return finder(path)

    sys.path_hooks.insert(0, below)
    sys.path_importer_cache.clear()
