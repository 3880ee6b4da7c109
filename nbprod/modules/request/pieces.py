"""Cut what makes the learned values into functions; their tables come from ``sources``."""

from __future__ import annotations

import ast

from nbprod.flow.program import origin
from nbprod.flow.tree import shallow, walk
from nbprod.flow.values import Flow
from nbprod.modules.cutting import cut
from nbprod.modules.functions import connect
from nbprod.modules.imports import Imports
from nbprod.modules.pieces import Piece
from nbprod.modules.request.analysis import Asked
from nbprod.modules.tidy import rename
from nbprod.split.request.find import free_names
from nbprod.split.request.slice import changes


def pieces_of(
    asked: Asked, constants: dict[str, str], imports: Imports, wanted: set[str]
) -> list[Piece]:
    """Return the functions of training, with parameters from the flow; ``wanted`` are the learned variables."""
    body: list[ast.stmt] = []
    for node in asked.kept.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if len(targets) == 1 and isinstance(targets[0], ast.Name) and targets[0].id in constants:
            continue
        new = _without_sources(asked.flow, node)
        if new is not None:
            body.append(rename(new, constants))
    reading = reading_variables(asked)
    if reading:  # they see the variables of the notebook: all of it stays one function
        nested = [rename(f, constants) for f in asked.kept.functions if f in reading]
        body = sorted([*nested, *body], key=lambda node: (origin(node).cell, origin(node).line))
        cells = list(dict.fromkeys(origin(node).cell for node in body))
        pieces = [Piece("Learn what a request needs", "", cells, body)]
    else:
        pieces = cut(body, asked.program.sections)
    outside = set(imports.known) | set(asked.flow.functions) | {"known_requests", "first_answer"}
    connect(pieces, list(asked.sources), wanted, outside)
    return pieces


def reading_variables(asked: Asked) -> list[ast.FunctionDef]:
    """Return the functions of training, when one of them reads variables of the notebook."""
    made = {name for node in asked.kept.body for name in changes(asked.flow, node)}
    training = [f for f in asked.kept.functions if f not in asked.request.functions]
    return training if any(free_names(f) & made for f in training) else []


def _without_sources(flow: Flow, node: ast.stmt) -> ast.stmt | None:
    """Return a statement that takes its tables from ``sources``, None when nothing is left of it."""
    reads = {id(call): name for name, call in flow.sources.items()}
    if not any(id(part) in reads for part in walk(node)):
        return node

    new = _copied(node, reads)
    if (
        isinstance(new, ast.Assign)
        and isinstance(new.value, ast.Name)
        and all(isinstance(t, ast.Name) and t.id == new.value.id for t in new.targets)
    ):
        return None
    return new


def _copied(node: ast.AST, reads: dict[int, str]) -> ast.stmt:
    """Copy a statement with some of its expressions replaced by names; comments and places stay."""

    def rebuilt(part: ast.AST) -> ast.AST:
        if id(part) in reads:
            return ast.copy_location(ast.Name(reads[id(part)], ast.Load()), part)
        new = shallow(part)
        for name, value in ast.iter_fields(part):
            if isinstance(value, ast.AST):
                setattr(new, name, rebuilt(value))
            elif isinstance(value, list):
                setattr(new, name, [rebuilt(v) if isinstance(v, ast.AST) else v for v in value])
        return new

    new = rebuilt(node)
    assert isinstance(new, ast.stmt)
    return new


__all__ = ["pieces_of", "reading_variables"]
