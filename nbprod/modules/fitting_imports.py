"""Libraries that a module needs while it learns and not when it serves: resampling, searches of parameters.

What is under ``if fitting`` never runs in a service. A library that is used there alone is imported there, unless an
object of it is kept: the state and the model are loaded with the libraries that their objects are of.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbprod.flow.scope import base_name
from nbprod.flow.tree import walk
from nbprod.knowledge import table
from nbprod.modules.imports import arrange, parsed, top_level

# What every service has; importing it late would win nothing.
EVERYWHERE = frozenset({"numpy", "pandas", "sklearn", "scipy", "joblib", "typing", "dataclasses"})
STATE, FITTING = "state", "fitting"
BEST = "best_estimator_"


@dataclass(frozen=True)
class Moved:
    """A module's source with imports at the places that need them, and the import lines left for its head."""

    source: str
    head: tuple[str, ...]


def learn_late(source: str, lines: Iterable[str]) -> Moved:
    """Move the imports that only learning needs to where it learns; ``lines`` are the imports of ``source``."""
    functions = [n for n in parsed(source).body if isinstance(n, ast.FunctionDef)]
    places: dict[int, list[str]] = {}  # line of the source behind which imports go
    head: list[str] = []
    for line in lines:
        own = not _returns_plain(line)
        found = _places(functions, _bound(line), own) if _is_library(line) else None
        if found is None:
            head.append(line)
        for place in found or ():
            places.setdefault(place, []).append(line)
    text = source.splitlines()
    for place in sorted(places, reverse=True):
        indent = " " * (len(text[place]) - len(text[place].lstrip()))
        added = [f"{indent}{part}" if part else "" for part in arrange(places[place]).splitlines()]
        text[place:place] = [*added, ""]
    return Moved("\n".join(text), tuple(head))


def kept_by(source: str, function: str, lines: Iterable[str]) -> set[str]:
    """Return the top-level modules of which the result of a function may hold an object."""
    functions = [n for n in parsed(source).body if isinstance(n, ast.FunctionDef)]
    kept: set[str] = set()
    for line in lines:
        names = set() if _returns_plain(line) else _bound(line)
        for other in functions:  # what helpers give back may be of the library, too
            if other.name != function and _Keeping(names).returns(other):
                names.add(other.name)
        best = (BEST,) if top_level(line) in table("fitting")["searches"] else ()
        if any(f.name == function and _Keeping(names, best).returns(f) for f in functions):
            kept.add(top_level(line))
    return kept


def is_foreign_search(name: str) -> bool:
    """Say whether a class searches parameters and is of a library that a service needs for nothing else."""
    return any(name in classes for classes in table("fitting")["searches"].values())


def _is_library(line: str) -> bool:
    found = top_level(line)
    return not (line.startswith("from .") or found in EVERYWHERE | sys.stdlib_module_names)


def _returns_plain(line: str) -> bool:
    return top_level(line) in table("fitting")["returns_plain"]


def _places(functions: list[ast.FunctionDef], names: set[str], own: bool) -> list[int] | None:
    """Return the lines behind which an import goes, None when serving needs it, too.

    ``own`` says that what the library returns may hold an object of it.
    """
    learning: set[str] = (
        set()
    )  # functions that are called where something is learned, and nowhere else
    while True:
        found: list[int] = []
        serving: set[str] = set()
        for function in functions:
            if function.name in learning:
                if _loads([function], names):
                    found.append(_start(function))
                continue
            for block in _blocks(function):
                if _loads(block.body, names):
                    found.append(block.body[0].lineno - 1)
            if _outside(function) & names:
                serving.add(function.name)
        if not serving:
            break
        only = {f for f in serving if _only_learning(f, functions, learning)}
        if only != serving:
            return None
        learning |= only
    holders = set(names) if own else set()
    for function in functions:
        if function.name in learning and _Keeping(holders).returns(function):
            holders.add(function.name)
    if any(_Keeping(holders).keeps(f) for f in functions if f.name not in learning):
        return None
    return sorted(set(found))


def _only_learning(name: str, functions: list[ast.FunctionDef], learning: set[str]) -> bool:
    """Say whether a function is called, and only where something is learned."""
    called = False
    for function in functions:
        if function.name == name:
            continue
        if function.name in learning:
            called = called or _loads([function], {name})
        elif name in _outside(function):
            return False
        else:
            called = called or any(_loads(block.body, {name}) for block in _blocks(function))
    return called


def _blocks(function: ast.FunctionDef) -> Iterator[ast.If]:
    for node in walk(function):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == FITTING:
            yield node


def _outside(function: ast.FunctionDef) -> set[str]:
    """Return the names that a function reads elsewhere than under ``if fitting``."""
    found: set[str] = set()
    waiting: list[ast.AST] = [function]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            found.add(node.id)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == FITTING:
            waiting.extend(node.orelse)
        else:
            waiting.extend(ast.iter_child_nodes(node))
    return found


def _loads(nodes: Iterable[ast.AST], names: set[str]) -> bool:
    return any(isinstance(n, ast.Name) and n.id in names for node in nodes for n in walk(node))


def _start(function: ast.FunctionDef) -> int:
    """Return the line behind which the body of a function begins, after its docstring."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    if documented and len(function.body) > 1:
        return function.body[1].lineno - 1
    return first.lineno - 1


def _bound(line: str) -> set[str]:
    node = ast.parse(line).body[0]
    assert isinstance(node, (ast.Import, ast.ImportFrom))
    return {(alias.asname or alias.name).split(".")[0] for alias in node.names}


class _Keeping:
    """Which variables of a function may hold an object that is made by some names."""

    def __init__(self, names: set[str], more: Iterable[str] = ()) -> None:
        self.plain = {*table("fitting")["plain"], *more}
        self.holders = set(names)

    def returns(self, function: ast.FunctionDef) -> bool:
        """Say whether a function may return such an object."""
        self._follow(function)
        return any(
            isinstance(n, ast.Return) and n.value is not None and self._holds(n.value)
            for n in walk(function)
        )

    def keeps(self, function: ast.FunctionDef) -> bool:
        """Say whether a function may return such an object, or put it into the state."""
        return self.returns(function) or STATE in self.holders

    def _follow(self, function: ast.FunctionDef) -> None:
        before = -1
        while before != len(self.holders):  # loops hand objects back
            before = len(self.holders)
            for node in walk(function):
                self._assigned(node)

    def _assigned(self, node: ast.AST) -> None:
        targets: list[ast.expr] = []
        value: ast.expr | None = None
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
            targets, value = [node.target], node.value
        elif isinstance(node, (ast.For, ast.comprehension)):
            targets, value = [node.target], node.iter
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            targets, value = [node.optional_vars], node.context_expr
        elif isinstance(node, ast.FunctionDef) and any(
            isinstance(n, ast.Return) and n.value is not None and self._holds(n.value)
            for n in walk(node)
        ):
            self.holders.add(node.name)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            self._put(node.value)
        if value is None or not self._holds(value):
            return
        for target in targets:
            parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
            self.holders |= {name for part in parts if (name := base_name(part))}

    def _put(self, call: ast.Call) -> None:
        """A list or model that is handed such an object holds it from then on."""
        if isinstance(call.func, ast.Attribute):
            handed = [*call.args, *(k.value for k in call.keywords)]
            name = base_name(call.func)
            if name and any(self._holds(a) for a in handed):
                self.holders.add(name)

    def _holds(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self.holders
        if isinstance(node, ast.Attribute):
            return node.attr not in self.plain and self._holds(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in self.plain:
                return False
        if isinstance(node, ast.Compare):
            return False
        return any(self._holds(child) for child in ast.iter_child_nodes(node))


__all__ = ["BEST", "Moved", "is_foreign_search", "kept_by", "learn_late"]
