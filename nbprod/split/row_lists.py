"""Lists that a loop over rows builds: each round must append one value, or some rows have none and some several."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow

ENDS = (ast.Continue, ast.Break, ast.Return, ast.Raise)


def uneven(flow: Flow, statements: list[ast.stmt]) -> Iterator[Finding]:
    """Yield a finding for every list of row values that a round may leave as it is, or append to twice."""
    for node in statements:
        if not isinstance(node, ast.For):
            continue
        rows = flow.val(node.iter)
        if not rows.is_row or rows.elems is not None or rows.kind == "frame":
            continue
        assigned = {
            n.id for s in node.body for n in walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }  # fmt: skip
        for name, call in _appended(node).items():
            if name in assigned or flow.final.get(name) is None:
                continue
            still, done = _rounds(node.body, name)
            if still | done != {1}:
                yield Finding(
                    "E-EXPAND",
                    f"{name} does not get one value for every row, so it is not aligned with the rows of a request",
                    origin(call),
                    ast.unparse(call)[:160],
                    "append one value in every round, such as None where there is nothing to say",
                )


def _appended(loop: ast.For) -> dict[str, ast.Call]:
    found: dict[str, ast.Call] = {}
    for statement in loop.body:
        for node in walk(statement):
            name = _append(node)
            if name:
                assert isinstance(node, ast.Call)
                found.setdefault(name, node)
    return found


def _append(node: ast.AST) -> str:
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "append"
        and isinstance(node.func.value, ast.Name)
    ):
        return node.func.value.id
    return ""


def _rounds(body: list[ast.stmt], name: str) -> tuple[set[int], set[int]]:
    """Return how often a round may have appended where it goes on, and where it ended early (many: 2)."""
    counts, done = {0}, set[int]()
    for node in body:
        if isinstance(node, ast.If):
            then, ended = _rounds(node.body, name)
            other, over = _rounds(node.orelse, name)
            step, left = then | other, ended | over
        elif isinstance(node, ast.Try):
            step, left = _rounds([*node.body, *node.orelse], name)
            for handler in node.handlers:
                more, over = _rounds(handler.body, name)
                step, left = step | more, left | over
        elif isinstance(node, ast.With):
            step, left = _rounds(node.body, name)
        elif isinstance(node, ENDS):
            return set(), done | counts
        else:
            times = sum(_append(n) == name for n in walk(node))
            step, left = {times if not isinstance(node, (ast.For, ast.While)) else 2 * times}, set()
        done |= {min(2, a + b) for a in counts for b in left}
        counts = {min(2, a + b) for a in counts for b in step}
    return counts, done


__all__ = ["uneven"]
