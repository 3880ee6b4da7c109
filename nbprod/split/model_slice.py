"""What builds the estimator, and what it needs from the data."""

from __future__ import annotations

import ast

from nbprod.flow.program import origin
from nbprod.flow.scope import base_name
from nbprod.flow.tree import leading, walk
from nbprod.flow.values import Flow
from nbprod.knowledge import table
from nbprod.split.effects import effects
from nbprod.split.marks import Slices
from nbprod.split.seeds import imports_networks, seeds
from nbprod.split.sinks import NETWORKS, Sink


def slice_model(flow: Flow, slices: Slices, body: list[ast.stmt], sink: Sink) -> None:
    """Mark what builds the estimator; what it needs from the data becomes ``extras``."""
    live = slices.model
    data = {id(n) for part in (sink.x, sink.y) if part is not None for n in walk(part)}
    fitted: set[str] = set()  # estimators whose outcome builds the model, such as a search

    def read(node: ast.AST) -> None:
        for part in walk(node):
            if (
                isinstance(part, ast.Attribute)
                and part.attr.endswith("_")
                and isinstance(part.value, ast.Name)
            ):
                fitted.add(part.value.id)
            if (
                id(part) in data
                or not isinstance(part, ast.Name)
                or not isinstance(part.ctx, ast.Load)
            ):
                continue
            val = flow.val(part)
            if (val.is_row or val.role == "stat") and val.kind not in ("estimator", "model"):
                slices.extras.add(part.id)
            else:
                live.names.add(part.id)

    read(sink.call)
    network = sink.training is None and _draws(body, sink)
    own = set() if sink.training is None else {origin(s) for s in sink.training.statements}
    for node in reversed(leading(body, sink.statement)):
        if origin(node) in own:
            continue  # it stays with the loop that trains
        if network and seeds(node):
            slices.mark(node).model = True
            read(node)
            continue
        if _fills(node, live.names):
            slices.mark(node).model = True
            read(node)
            continue
        hits = [c for c in effects(flow, node) if c.name in live.names]
        if isinstance(node, (ast.For, ast.If, ast.With, ast.While)):
            changed = {
                c.name for s in walk(node) if isinstance(s, ast.stmt) for c in effects(flow, s)
            }
            if changed & live.names:
                slices.mark(node).model = True
                read(node)
            continue
        if not hits:
            continue
        learns = any(c.kind == "learn" for c in hits)
        if learns and not isinstance(node, ast.Assign) and not fitted & {c.name for c in hits}:
            continue
        slices.mark(node).model = True
        for change in hits:
            if change.strong and change.kind == "bind":
                live.names.discard(change.name)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound = {a.arg for a in getattr(getattr(node, "args", None), "args", [])}
            bound |= {
                n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
            for part in walk(node):
                if (
                    isinstance(part, ast.Name)
                    and isinstance(part.ctx, ast.Load)
                    and part.id not in bound
                ):
                    val = flow.final.get(part.id)
                    if val is not None and val.is_row:
                        slices.extras.add(part.id)
                    else:
                        live.names.add(part.id)
        elif not isinstance(node, (ast.Import, ast.ImportFrom)):
            read(node)


def _fills(node: ast.stmt, names: set[str]) -> bool:
    """Say whether a statement lets an object find out what builds the model: ``study.optimize(objective)``."""
    call = node.value if isinstance(node, ast.Expr) else None
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in table("fitting")["filling"]
        and base_name(call.func) in names
    )


def _draws(body: list[ast.stmt], sink: Sink) -> bool:
    """Say whether the model may draw its first weights from generators that the notebook seeds."""
    own = any(isinstance(s, ast.ClassDef) and s.name == sink.cls for s in body)
    return sink.cls in NETWORKS or ((own or not sink.cls) and imports_networks(body))
