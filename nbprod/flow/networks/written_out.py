"""Functions that build a network, written out where they are called: what builds it must be told apart from what trains it."""

from __future__ import annotations

import ast
from collections.abc import Callable

from nbprod.flow.inline import Inliner, inlinable
from nbprod.flow.substitution import like, names_at_top
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.knowledge import table

ROUNDS = 3


def written_out(body: list[ast.stmt], builds: Callable[[ast.expr], bool]) -> list[ast.stmt]:
    """Return the program with calls of functions that build a network, and may train it, written out.

    Args:
        body: the statements of the notebook.
        builds: says whether a call builds a module.
    """
    flow = Flow(body)
    flow.functions = {s.name: s for s in body if isinstance(s, ast.FunctionDef)}
    whole = {
        name
        for name, definition in flow.functions.items()
        if any(isinstance(n, ast.Call) and builds(n) and not _is_loss(n) for n in walk(definition))
    }
    if not whole:
        return body
    writer = _Writer(flow)
    for _ in range(ROUNDS):
        out = [part for node in body for part in writer.statement(node, whole)]
        if len(out) == len(body):
            break
        body = out
    return body


def _one_by_one(node: ast.stmt) -> list[ast.stmt]:
    """Return ``a, b = a, x`` as ``b = x`` where no part reads another."""
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    value = node.value if isinstance(node, ast.Assign) else None
    if not isinstance(target, ast.Tuple) or not isinstance(value, ast.Tuple):
        return [node]
    pairs = [
        (t, v)
        for t, v in zip(target.elts, value.elts, strict=False)
        if ast.unparse(t) != ast.unparse(v)
    ]
    stored = {n.id for t, _ in pairs for n in walk(t) if isinstance(n, ast.Name)}
    read = {n.id for _, v in pairs for n in walk(v) if isinstance(n, ast.Name)}
    if stored & read or len(target.elts) != len(value.elts):
        return [node]
    return [like(node, ast.Assign([t], v)) for t, v in pairs]


def _is_loss(node: ast.Call) -> bool:
    name = ast.unparse(node.func).rsplit(".", 1)[-1]
    return name.endswith("Loss") or name in table("tensors")["losses"]


class _Writer(Inliner):
    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.globals = names_at_top(flow.body)

    def statement(self, node: ast.stmt, names: set[str]) -> list[ast.stmt]:
        """Return a statement, or what stands for the call in it."""
        call = node.value if isinstance(node, ast.Assign) else None
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            return [node]
        assert isinstance(node, ast.Assign)
        definition = self.flow.functions.get(call.func.id)
        if call.func.id not in names or definition is None or len(node.targets) != 1:
            return [node]
        if not inlinable(definition, call):
            return [node]
        out = self._inline(node, definition, call, node.targets[0])
        return [*out[:-1], *_one_by_one(out[-1])] if out else out


__all__ = ["written_out"]
