"""Print ``asking.py``: the functions of the notebook that a request calls, handing the state on."""

from __future__ import annotations

import ast
import copy

from nbprod.flow.tree import walk
from nbprod.modules.imports import Imports, arrange, parsed
from nbprod.modules.printing import Printer
from nbprod.modules.request.analysis import Asked
from nbprod.modules.tidy import rename
from nbprod.split.request.find import free_names


def print_asking(
    asked: Asked, imports: Imports, constants: dict[str, str], state: dict[str, str]
) -> str:
    """Return the source of ``asking.py``: the notebook's functions that a request calls."""
    functions = list(asked.request.functions)
    needs = needing(functions, set(state))
    printed = [_function(f, needs, state, constants, asked.printer) for f in functions]
    source = "\n\n\n".join(printed)
    package = package_imports(asked, source, constants)
    if needs:
        package.append("from .state import PreprocessState")
    standard = ("from functools import partial",) if "partial(" in source else ()
    return "\n".join(
        [
            f'"""How the notebook answers a request: ``{asked.request.function.name}`` and what it calls."""',
            "",
            arrange(
                ["from __future__ import annotations", *imports.used(source, standard), *package]
            ),
            "",
            "",
            source,
            "",
        ]
    )


def package_imports(asked: Asked, source: str, constants: dict[str, str]) -> list[str]:
    """Return the imports of settings and classes of the package that a source uses."""
    names = {n.id for n in walk(parsed(source)) if isinstance(n, ast.Name)}
    found = []
    if names & set(constants.values()):
        found.append(f"from .config import {', '.join(sorted(names & set(constants.values())))}")
    classes = sorted(names & {c.name for c in asked.request.classes})
    if classes:
        found.append(f"from .transformers import {', '.join(classes)}")
    return found


def needing(functions: list[ast.FunctionDef], learned: set[str]) -> set[str]:
    """Return the functions that read something learned, themselves or through others."""
    reads = {f.name: free_names(f) for f in functions}
    found = {name for name, names in reads.items() if names & learned}
    while True:
        more = {name for name, names in reads.items() if names & found} - found
        if not more:
            return found
        found |= more


def _function(
    function: ast.FunctionDef,
    needs: set[str],
    state: dict[str, str],
    constants: dict[str, str],
    printer: Printer,
) -> str:
    """Print a function that takes what it reads from ``state``; its body stays as it is."""
    reads = free_names(function)
    node = copy.deepcopy(rename(function, constants))
    assert isinstance(node, ast.FunctionDef)
    if function.name not in needs:
        return printer.body([node], 0)
    node = _Handed(needs).visit(node)
    assert isinstance(node, ast.FunctionDef)
    annotation = ast.Name("PreprocessState", ast.Load())
    node.args.kwonlyargs.append(ast.arg("state", annotation))
    node.args.kw_defaults.append(None)
    taken: list[ast.stmt] = [
        ast.Assign(
            [ast.Name(name, ast.Store())],
            ast.Attribute(ast.Name("state", ast.Load()), field, ast.Load()),
        )
        for name, field in state.items()
        if name in reads
    ]
    first = 1 if ast.get_docstring(node) is not None else 0
    node.body[first:first] = taken
    return printer.body([node], 0)


class _Handed(ast.NodeTransformer):
    """Hand ``state`` on to functions that need it."""

    def __init__(self, needs: set[str]) -> None:
        self.needs = needs

    def visit_Call(self, node: ast.Call) -> ast.AST:
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        if called in self.needs:
            node.args = [self.visit(a) for a in node.args]
            node.keywords = [self.visit(k) for k in node.keywords]
            node.keywords.append(ast.keyword("state", ast.Name("state", ast.Load())))
            return node
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id not in self.needs or not isinstance(node.ctx, ast.Load):
            return node
        handed = [ast.keyword("state", ast.Name("state", ast.Load()))]
        return ast.Call(ast.Name("partial", ast.Load()), [node], handed)


__all__ = ["needing", "package_imports", "print_asking"]
