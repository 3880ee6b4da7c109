"""Place imports where they are needed: a module whose serving half needs no pandas must not load it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from nbprod.flow.tree import walk
from nbprod.modules.imports import arrange, parsed, top_level

ALWAYS = ("from typing", "from __future__", "import numpy")


@dataclass(frozen=True)
class Placed:
    """Import lines of the module's head, those that only type checkers need, and the changed source."""

    head: tuple[str, ...]
    types: tuple[str, ...]
    source: str

    def text(self) -> str:
        """Return the head of the module."""
        typing = ("from typing import TYPE_CHECKING",) if self.types else ()
        lines = [arrange(["from __future__ import annotations", *typing, *self.head])]
        if self.types:
            lines += ["", "if TYPE_CHECKING:"]
            lines += [f"    {line}" if line else "" for line in arrange([*self.types]).splitlines()]
        return "\n".join(lines)


def place(lines: Iterable[str], source: str, late: str) -> Placed:
    """Move what only the function ``late`` loads into it, and what only annotations name apart.

    ``lines`` are the imports of ``source``; typing and NumPy stay where they are.
    """
    functions = [n for n in parsed(source).body if isinstance(n, ast.FunctionDef)]
    early = set().union(*(_loaded(f) for f in functions if f.name != late))
    within = set().union(*(_loaded(f) for f in functions if f.name == late))
    named = set().union(*(_annotated(f) for f in functions))
    head: list[str] = []
    types: list[str] = []
    local: list[str] = []
    for line in lines:
        names = _bound(line)
        if line.startswith(ALWAYS) or names & early or not functions:
            head.append(line)
            continue
        if names & within:
            local.append(line)
        if names & named or not names & within:
            types.append(line)
    return Placed(tuple(head), tuple(types), _inserted(source, late, local) if local else source)


def late_modules(source: str, function: str) -> set[str]:
    """Return the top-level modules that only one function of a module imports."""
    tree = parsed(source)
    within = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function]
    inside = {top_level(ast.unparse(i)) for f in within for i in f.body if _is_import(i)}
    return inside - {top_level(ast.unparse(i)) for i in tree.body if _is_import(i)}


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom)) and not getattr(node, "level", 0)


def _loaded(function: ast.FunctionDef) -> set[str]:
    """Return the names that a function loads when it runs."""
    return {n.id for s in function.body for n in walk(s) if isinstance(n, ast.Name)}


def _annotated(function: ast.FunctionDef) -> set[str]:
    """Return the names in a function's signature."""
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    annotations = [a.annotation for a in every] + [function.returns]
    return {n.id for a in annotations if a for n in walk(a) if isinstance(n, ast.Name)}


def _bound(line: str) -> set[str]:
    node = ast.parse(line).body[0]
    assert isinstance(node, (ast.Import, ast.ImportFrom))
    return {(alias.asname or alias.name).split(".")[0] for alias in node.names}


def _inserted(source: str, function: str, lines: list[str]) -> str:
    """Return the source with imports after the docstring of a function."""
    text = source.splitlines()
    for number, line in enumerate(text):
        if line.startswith(f"def {function}("):
            imports = [f"    {found}" if found else "" for found in arrange(lines).splitlines()]
            return "\n".join([*text[: number + 2], *imports, "", *text[number + 2 :]])
    return source


__all__ = ["Placed", "late_modules", "place"]
