"""Row functions and loops that remember earlier rows: their answer depends on what was asked before."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.knowledge import table
from nbprod.split.served import parts_of

ROW_LOOPS = ("rows", "series", "list", "array", "enumerate", "any", "index", "places")
Function = ast.FunctionDef | ast.Lambda


def memories(flow: Flow, statements: list[ast.stmt]) -> Iterator[Finding]:
    """Yield a finding for every row function, comprehension and loop that carries something to the next row."""
    for node in statements:
        if isinstance(node, ast.ClassDef) and node.name in flow.row_classes:
            yield from _class(flow, node)
        elif isinstance(node, ast.For):
            yield from _loop(flow, node)
        elif isinstance(node, ast.While):
            yield from _counted(flow, node)
        for part in parts_of(node):
            if isinstance(part, (ast.FunctionDef, ast.Lambda)) and id(part) in flow.row_functions:
                yield from _function(flow, part)
            elif isinstance(part, ast.For) and part is not node:
                yield from _loop(flow, part)
            elif isinstance(part, (ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.SetComp)):
                yield from _comprehension(flow, part)


def _finding(node: ast.AST, what: str) -> Finding:
    return Finding(
        "E-ROW-STATE",
        f"{what} is carried from one row to the next, so the answer for a row depends on the rows before it",
        origin(node),
        ast.unparse(node).split("\n")[0][:160],
        "compute the value from the row alone, or learn it once from the training rows",
    )


def _function(flow: Flow, function: Function) -> Iterator[Finding]:
    body = function.body if isinstance(function, ast.FunctionDef) else [function.body]
    outer = {
        name
        for statement in body
        for n in walk(statement)
        if isinstance(n, (ast.Global, ast.Nonlocal))
        for name in n.names
    }
    local = _parameters(function) | {
        n.id
        for statement in body
        for n in walk(statement)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    known = local - outer - _kept_defaults(function)
    for statement in body:
        found = _change(flow, statement, known, outer)
        if found is not None:
            yield _finding(*found)
            return


def _class(flow: Flow, node: ast.ClassDef) -> Iterator[Finding]:
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and method.name not in ("__init__", "fit"):
            known = _parameters(method) - {"self"}
            known |= {
                n.id
                for n in walk(method)
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
            found = _change(flow, method, known, set())
            if found is not None:
                yield _finding(*found)
                return


def _parameters(function: Function) -> set[str]:
    arguments = function.args
    return {a.arg for a in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]}


def _kept_defaults(function: Function) -> set[str]:
    """Return parameters whose default is one object for all calls."""
    arguments = function.args
    pairs = [
        *zip(reversed([*arguments.posonlyargs, *arguments.args]), reversed(arguments.defaults), strict=False),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=False),
    ]  # fmt: skip
    kinds = (ast.List, ast.Dict, ast.Set, ast.Call)
    return {parameter.arg for parameter, default in pairs if isinstance(default, kinds)}


def _change(
    flow: Flow,
    tree: ast.AST,
    known: set[str],
    outer: set[str],
    caches: frozenset[str] = frozenset(),
) -> tuple[ast.AST, str] | None:
    """Return the first change of something that outlives a call, and its name.

    A cache is none: what is filled where the key was absent, with values that ask the cache for single keys only.
    """
    if isinstance(tree, ast.If):
        caches = caches | _asked_for_absence(tree.test)
    if isinstance(tree, ast.Assign) and _fills(tree, caches):
        return _change(flow, tree.value, known, outer, caches)
    if isinstance(tree, ast.Name) and isinstance(tree.ctx, ast.Store) and tree.id in outer:
        return tree, tree.id
    name = ""
    if isinstance(tree, (ast.Subscript, ast.Attribute)) and not isinstance(tree.ctx, ast.Load):
        name = _root(tree)
        if name and name not in known:
            return tree, ast.unparse(tree)
    if isinstance(tree, ast.Call):
        name = _changed_by(flow, tree)
        if name and name not in known:
            return tree, name
    for child in ast.iter_child_nodes(tree):
        found = _change(flow, child, known, outer, caches)
        if found is not None:
            return found
    return None


def _changed_by(flow: Flow, call: ast.Call) -> str:
    """Return the variable that a call changes, or an empty text."""
    memory, function = table("memory"), call.func
    root = _root(function)
    if root in flow.imports or isinstance(function, ast.Name):
        path = ast.unparse(function)
        full = path.replace(root, flow.imports.get(root, f"builtins.{root}"), 1)
        return _root(call.args[0]) if full in memory["functions"] and call.args else ""
    if isinstance(function, ast.Attribute) and function.attr in (
        *memory["methods"],
        *memory["counting"],
    ):
        return root
    return ""


def _asked_for_absence(test: ast.expr) -> frozenset[str]:
    """Return what is asked whether it lacks a key."""
    if not isinstance(test, ast.Compare):
        return frozenset()
    pairs = zip(test.ops, test.comparators, strict=True)
    return frozenset(_root(asked) for op, asked in pairs if isinstance(op, ast.NotIn)) - {""}


def _fills(assignment: ast.Assign, caches: frozenset[str]) -> bool:
    """Whether ``memo[key] = value`` fills a cache with a value that does not depend on what else it holds."""
    if not all(isinstance(target, ast.Subscript) for target in assignment.targets):
        return False
    roots = {_root(target) for target in assignment.targets}
    single = {
        id(n.value)
        for n in walk(assignment.value)
        if isinstance(n, ast.Subscript) and not isinstance(n.slice, ast.Slice)
    }
    return roots <= caches and not any(
        isinstance(n, ast.Name) and n.id in roots and id(n) not in single
        for n in walk(assignment.value)
    )


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _comprehension(flow: Flow, node: ast.AST) -> Iterator[Finding]:
    generators: list[ast.comprehension] = node.generators  # type: ignore[attr-defined]
    if not any(flow.val(g.iter).is_row and flow.val(g.iter).elems is None for g in generators):
        return
    bound = {n.id for g in generators for n in walk(g.target) if isinstance(n, ast.Name)}
    parts = [getattr(node, name) for name in ("elt", "key", "value") if hasattr(node, name)]
    for part in parts:
        kept = [n.target.id for n in walk(part) if isinstance(n, ast.NamedExpr)]
        read = {n.id for n in walk(part) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        carried = [name for name in kept if name in read and _read_first(part, name)]
        if carried:
            yield _finding(node, carried[0])
            return
        found = _change(flow, part, bound | set(kept), set())
        if found is not None:
            yield _finding(*found)
            return


def _read_first(part: ast.AST, name: str) -> bool:
    """Say whether ``(t := t + v)`` reads what it assigns."""
    return any(
        isinstance(n, ast.NamedExpr)
        and n.target.id == name
        and any(isinstance(m, ast.Name) and m.id == name for m in walk(n.value))
        for n in walk(part)
    )


def _loop(flow: Flow, node: ast.For) -> Iterator[Finding]:
    val = flow.val(node.iter)
    if not val.is_row or val.elems is not None or val.kind not in ROW_LOOPS:
        return
    written = _written(node.body)
    known = {n.id for n in walk(node.target) if isinstance(n, ast.Name)}
    found = _read_before(node.body, written, known)
    if found is not None:
        yield _finding(found, found.id)


def _counted(flow: Flow, node: ast.While) -> Iterator[Finding]:
    """Yield a finding for a loop that counts through the rows by itself."""
    if any(isinstance(n, ast.Name) and flow.val(n).is_row for n in walk(node.test)):
        yield _finding(node, "the place")


def _written(body: list[ast.stmt]) -> set[str]:
    """Return the variables that a round assigns; those of comprehensions live shorter than that."""
    inner = {
        id(n)
        for statement in body
        for part in walk(statement)
        if isinstance(part, ast.comprehension)
        for n in walk(part.target)
    }
    return {
        n.id
        for statement in body
        for n in walk(statement)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and id(n) not in inner
    }


def _read_before(body: list[ast.stmt], written: set[str], known: set[str]) -> ast.Name | None:
    """Return a name that a round of a loop reads before it is assigned in that round."""
    for statement in body:
        blocks = [
            inner
            for name in ("body", "orelse", "finalbody")
            if (inner := getattr(statement, name, None)) and isinstance(inner[0], ast.stmt)
        ]
        for tree in _heads(statement) if blocks else [statement]:
            for part in walk(tree):
                reads = isinstance(part, ast.Name) and (
                    isinstance(part.ctx, ast.Load)
                    or (isinstance(statement, ast.AugAssign) and part is statement.target)
                )
                if reads and part.id in written and part.id not in known:  # type: ignore[attr-defined]
                    return part  # type: ignore[return-value]
        after: list[set[str]] = []
        for inner in blocks:
            inside = known | _bound_by(statement) if inner is statement.body else set(known)  # type: ignore[attr-defined]
            found = _read_before(inner, written, inside)
            if found is not None:
                return found
            after.append(inside)
        if after:
            known |= set.intersection(*after) if len(after) > 1 else set()
        else:
            known |= {
                n.id
                for n in walk(statement)
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
    return None


def _heads(statement: ast.stmt) -> list[ast.expr]:
    """Return what a compound statement reads before its blocks."""
    if isinstance(statement, (ast.If, ast.While)):
        return [statement.test]
    if isinstance(statement, ast.For):
        return [statement.iter]
    return [i.context_expr for i in statement.items] if isinstance(statement, ast.With) else []


def _bound_by(statement: ast.stmt) -> set[str]:
    """Return the names that a compound statement binds for its first block."""
    targets: list[ast.expr | None] = []
    if isinstance(statement, ast.For):
        targets = [statement.target]
    elif isinstance(statement, ast.With):
        targets = [item.optional_vars for item in statement.items]
    return {n.id for t in targets if t is not None for n in walk(t) if isinstance(n, ast.Name)}


__all__ = ["memories"]
