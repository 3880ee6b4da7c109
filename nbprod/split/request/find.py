"""Find the function that a ``predict`` cell defines."""

from __future__ import annotations

import ast

from nbprod.flow.program import Program, role_said
from nbprod.flow.tree import walk


def entry_function(program: Program) -> ast.FunctionDef | None:
    """Return the function of the ``predict`` cell: the last one that no other function there calls."""
    found = [
        node
        for node in program.body
        if isinstance(node, ast.FunctionDef) and role_said(node) == "predict"
    ]
    called = {
        part.id
        for node in found
        for part in walk(ast.Module(node.body, []))
        if isinstance(part, ast.Name) and part.id != node.name
    }
    entries = [node for node in found if node.name not in called]
    return entries[-1] if entries else None


def free_names(node: ast.FunctionDef | ast.ClassDef | ast.Lambda) -> set[str]:
    """Return the names that a function or class reads from around it."""
    if isinstance(node, ast.ClassDef):
        inner = {n.name for n in node.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
        found = {n for part in node.body for n in _free(part)}
        around = [*node.bases, *(k.value for k in node.keywords), *node.decorator_list]
        return (found - inner) | {n for part in around for n in _loads(part)}
    return _free(node)


def _free(node: ast.AST) -> set[str]:
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
        found = set(_loads(node))
        for part in walk(node):
            if part is not node and isinstance(part, (ast.FunctionDef, ast.Lambda)):
                found |= _free(part)
        return found - (_stores(node) if isinstance(node, ast.stmt) else set())
    if isinstance(node, ast.ClassDef):
        return free_names(node)
    arguments = node.args
    bound = {a.arg for a in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]} | {
        a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None
    }
    body: list[ast.AST] = list(node.body) if isinstance(node.body, list) else [node.body]
    bound |= {name for part in body for name in _stores(part)}
    read: set[str] = {name for part in body for name in _loads(part)}
    for part in body:
        for inner in walk(part):
            if isinstance(inner, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
                read |= _free(inner)
    around = [*arguments.defaults, *(d for d in arguments.kw_defaults if d is not None)]
    return (read - bound) | {name for part in around for name in _loads(part)}


def _loads(node: ast.AST) -> list[str]:
    """Return the names that a tree loads, without what functions inside it bind for themselves."""
    found: list[str] = []
    stack: list[ast.AST] = [node]
    while stack:
        part = stack.pop()
        if part is not node and isinstance(part, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            continue
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            found.append(part.id)
        stack.extend(ast.iter_child_nodes(part))
    return found


def _stores(node: ast.AST) -> set[str]:
    """Return the names that a tree binds, comprehension variables included, functions left alone."""
    found: set[str] = set()
    stack: list[ast.AST] = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, (ast.FunctionDef, ast.ClassDef)):
            found.add(part.name)
            if part is not node:
                continue
        if isinstance(part, ast.Lambda) and part is not node:
            continue
        if isinstance(part, ast.Name) and isinstance(part.ctx, (ast.Store, ast.Del)):
            found.add(part.id)
        elif isinstance(part, (ast.Import, ast.ImportFrom)):
            found |= {(a.asname or a.name.split(".")[0]) for a in part.names}
        elif isinstance(part, ast.ExceptHandler) and part.name:
            found.add(part.name)
        stack.extend(ast.iter_child_nodes(part))
    return found
