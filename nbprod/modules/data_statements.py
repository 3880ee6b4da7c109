"""Statements of a notebook on their way into ``load``: what they open, what they are called there, what they import."""

from __future__ import annotations

import ast
import copy
import sys
from collections.abc import Iterator
from typing import TypeVar

from nbprod.flow.scope import base_name
from nbprod.flow.tree import walk
from nbprod.modules.imports import top_level

Node = TypeVar("Node", bound=ast.AST)
EVERYWHERE = ("numpy", "pandas")  # what a service has anyway
PARAMETER, OTHER = "data", "_"  # of ``load``; what a variable of that name is called with it


def without_blocks(body: list[ast.stmt], wanted: set[str]) -> Iterator[ast.stmt]:
    """Yield statements, the last first; a block that opens what is read is the assignment of what it opens."""
    for statement in reversed(body):
        if not isinstance(statement, ast.With):
            yield statement
            continue
        opened = [
            ast.copy_location(ast.Assign([item.optional_vars], item.context_expr), statement)
            for block in walk(statement)
            if isinstance(block, ast.With)
            for item in block.items
            if isinstance(item.optional_vars, ast.Name)
        ]
        if any(base_name(o.targets[0]) in wanted for o in opened):
            yield from reversed(opened)
        else:
            yield statement


def asks(node: ast.expr) -> bool:
    """Say whether a statement makes something that is open ready to be read."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("execute", "seek", "readline")
    )


def only_reads(line: str) -> bool:
    """Say whether an import is of a library that a service may not have: reading the data may need it."""
    found = top_level(line)
    return found not in EVERYWHERE and found not in sys.stdlib_module_names


def without_parameter(node: Node) -> Node:
    """A variable of the notebook that is called like the parameter of ``load`` gets another name."""
    new = copy.deepcopy(node)
    for part in walk(new):
        if isinstance(part, ast.Name) and part.id == PARAMETER:
            part.id = PARAMETER + OTHER
    return new


def parts_of(target: ast.expr) -> list[ast.expr]:
    """Return the targets of an assignment to several, or the one."""
    return list(target.elts) if isinstance(target, (ast.Tuple, ast.List)) else [target]


def replace_argument(node: ast.expr, argument: str | int, value: ast.expr) -> None:
    """Put a value in the place of an argument, by position or by name."""
    assert isinstance(node, ast.Call)
    if isinstance(argument, int):
        node.args[argument] = value
    else:
        for item in node.keywords:
            if item.arg == argument:
                item.value = value
