"""Functions that build a network, written out where they are called: what builds it must be told apart from what trains it."""

from __future__ import annotations

import ast
from collections.abc import Callable

from nbprod.flow.inline import Inliner, inlinable
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


def _is_loss(node: ast.Call) -> bool:
    name = ast.unparse(node.func).rsplit(".", 1)[-1]
    return name.endswith("Loss") or name in table("tensors")["losses"]


class _Writer(Inliner):
    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.globals = {
            n.id
            for s in flow.body
            if not isinstance(s, (ast.FunctionDef, ast.ClassDef))
            for n in walk(s)
            if isinstance(n, ast.Name)
        }

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
        return self._inline(node, definition, call, node.targets[0])


__all__ = ["written_out"]
