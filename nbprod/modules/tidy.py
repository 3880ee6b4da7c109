"""Tidy the emitted bodies: plain names back, unused assignments out."""

from __future__ import annotations

import ast

from nbprod.flow.tree import all_statements, copied, shallow, walk
from nbprod.split.guards import merge_guards


def tidy(
    body: list[ast.stmt], wanted: set[str], renamed: dict[str, str]
) -> tuple[list[ast.stmt], dict[str, str]]:
    """Return the body without unused assignments, and the final names of renamed variables."""
    body = unused_out(body, wanted)
    present = {n.id for s in body for n in walk(s) if isinstance(n, ast.Name)} | wanted
    names: dict[str, str] = {}
    for long, short in renamed.items():
        if long in present and short not in present and short not in names.values():
            names[long] = short
    if names:
        body = [rename(s, names) for s in body]
    return merge_guards(body), names


def rename(node: ast.stmt, names: dict[str, str]) -> ast.stmt:
    """Rename variables in a statement (the same statement when it has none of them)."""
    if not any(isinstance(part, ast.Name) and part.id in names for part in walk(node)):
        return node
    new = copied(node)
    for part in walk(new):
        if isinstance(part, ast.Name) and part.id in names:
            part.id = names[part.id]
    return new


def unused_out(body: list[ast.stmt], wanted: set[str]) -> list[ast.stmt]:
    """Remove plain assignments whose variables nothing reads."""
    while True:
        reads = set(wanted)
        for part in (part for statement in body for part in walk(statement)):
            if isinstance(part, ast.Name):
                if isinstance(part.ctx, ast.Load):
                    reads.add(part.id)
            elif isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name):
                reads.add(part.target.id)
        before = sum(1 for _ in all_statements(body))
        body = _without(body, reads)
        if sum(1 for _ in all_statements(body)) == before:
            return body


def _without(body: list[ast.stmt], reads: set[str]) -> list[ast.stmt]:
    out: list[ast.stmt] = []
    for node in body:
        if isinstance(node, ast.Assign) and all(
            isinstance(t, ast.Name) and t.id not in reads for t in node.targets
        ):
            continue
        if isinstance(node, ast.If) and getattr(node, "guard", False):
            new = shallow(node)
            new.body = _without(node.body, reads)
            new.orelse = _without(node.orelse, reads)
            if not new.body and not new.orelse:
                continue
            if not new.body:
                new.test = ast.UnaryOp(ast.Not(), ast.Name("fitting", ast.Load()))
                new.body, new.orelse = new.orelse, []
                new.guard = False  # type: ignore[attr-defined]
            out.append(new)
            continue
        if isinstance(node, ast.For):
            new_for = shallow(node)
            new_for.body = _without(node.body, reads)
            if not new_for.body or all(isinstance(s, ast.Pass) for s in new_for.body):
                continue
            out.append(new_for)
            continue
        out.append(node)
    return out
