"""Loops that read one file after the other into a list: written as the one expression that they are."""

from __future__ import annotations

import ast
import copy

from nbprod.flow.tree import walk


def in_one_expression(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the program with ``for f in files: parts.append(read(f))`` inside the ``concat(parts)`` below it.

    Only where the list is made for this and read once.
    """
    for place, node in enumerate(body):
        made = _gathered(node)
        if made is None:
            continue
        name, read = made
        before = [n for n in body[:place] if _is_empty_list(n, name)]
        uses = [
            part
            for n in body
            if n is not node and n not in before
            for part in walk(n)
            if isinstance(part, ast.Name) and part.id == name
        ]
        calls = [
            part
            for n in body[place + 1 :]
            for part in walk(n)
            if isinstance(part, ast.Call) and part.args and part.args[0] in uses
        ]
        if len(before) != 1 or len(uses) != 1 or len(calls) != 1:
            continue
        if ast.unparse(calls[0].func).rsplit(".", 1)[-1] != "concat":
            continue
        calls[0].args[0] = read
        return in_one_expression([n for n in body if n is not node and n not in before])
    return body


def _is_empty_list(node: ast.stmt, name: str) -> bool:
    return (
        isinstance(node, ast.Assign)
        and [ast.unparse(t) for t in node.targets] == [name]
        and ast.unparse(node.value) in ("[]", "list()")
    )


def _gathered(node: ast.stmt) -> tuple[str, ast.ListComp] | None:
    """Return list and expression of a loop that does nothing but append what it reads."""
    if not isinstance(node, ast.For) or node.orelse or not isinstance(node.target, ast.Name):
        return None
    body, tests = node.body, []
    while len(body) == 1 and isinstance(body[0], ast.If) and not body[0].orelse:
        tests.append(body[0].test)
        body = body[0].body
    *first, last = body
    call = last.value if isinstance(last, ast.Expr) else None
    if not (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "append"
        and isinstance(call.func.value, ast.Name)
        and len(call.args) == 1
    ):
        return None
    value = call.args[0]
    if len(first) == 1 and isinstance(first[0], ast.Assign):
        named = [ast.unparse(target) for target in first[0].targets]
        if named != [ast.unparse(value)]:
            return None
        value = first[0].value
    elif first:
        return None
    if not (isinstance(value, ast.Call) and "read_" in ast.unparse(value.func)):
        return None
    target = ast.Name(node.target.id, ast.Store())
    made = ast.ListComp(copy.copy(value), [ast.comprehension(target, node.iter, tests, 0)])
    for part in (made, target):
        ast.copy_location(part, node)
        part.cell = getattr(node, "cell", 1)  # type: ignore[union-attr]
    return call.func.value.id, made


__all__ = ["in_one_expression"]
