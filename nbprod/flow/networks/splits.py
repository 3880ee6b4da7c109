"""Tensors that are split: the table is split instead, and its parts become tensors.

``X = torch.tensor(table.values)`` and ``A, B = train_test_split(X)`` choose the same rows as a split of the table does, whose parts
still have names and labels.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass

from nbprod.flow.networks.reader import Reader
from nbprod.flow.networks.values import ROWS, Rows
from nbprod.flow.scope import keyword, literal
from nbprod.flow.substitution import like
from nbprod.flow.tree import walk

SPLIT = "train_test_split"


@dataclass(frozen=True)
class Taken:
    """Where the rows of a part come from: a table, and the function of each split with the place of its output."""

    source: ast.expr
    steps: tuple[tuple[ast.expr, int], ...] = ()


def taken(node: ast.expr) -> Taken:
    """Return where the rows of an expression come from; those of a table come from itself."""
    found: Taken = getattr(node, "taken", None) or Taken(node)
    return found


def split_tables(
    node: ast.stmt, reader: Reader, before: list[ast.stmt], free: set[str]
) -> tuple[list[ast.stmt], dict[str, str]] | None:
    """Return a split of tensors as one of tables with what makes tensors of the parts, and their new names.

    Args:
        node: a statement.
        reader: knows which tensors there are.
        before: the statements before it.
        free: names that are taken; the new ones are added.
    """
    call = node.value if isinstance(node, ast.Assign) else None
    if not isinstance(call, ast.Call) or not reader.qual(call.func).startswith("sklearn."):
        return None
    assert isinstance(node, ast.Assign)
    target = node.targets[0]
    if reader.qual(call.func).rsplit(".", 1)[-1] != SPLIT or not isinstance(target, ast.Tuple):
        return None
    values = [reader.ev(a) for a in call.args]
    tensors = [v for v in values if isinstance(v, Rows) and v.tensor]
    if not tensors or any(_changed(rows.source, before) for rows in tensors):
        return None
    tables = [_table(v, a) for v, a in zip(values, call.args, strict=True)]
    others = [ast.keyword(k.arg, _table(reader.ev(k.value), k.value)) for k in call.keywords]
    new = like(node, ast.Assign([target], ast.Call(call.func, tables, others)))
    out, names = [new], {}
    for place, part in enumerate(target.elts):
        rows = values[place // 2] if place // 2 < len(values) else None
        if not isinstance(part, ast.Name) or not isinstance(rows, Rows) or not rows.tensor:
            continue
        names[part.id] = _own(f"{part.id}_tensor", free)
        source = ast.copy_location(ast.Name(part.id, ast.Load()), node)
        origin = taken(rows.source)
        source.taken = Taken(origin.source, (*origin.steps, (call.func, place)))  # type: ignore[attr-defined]
        made = _Filled(source).visit(copy.deepcopy(rows.text))
        tensor = like(node, ast.Assign([ast.Name(names[part.id], ast.Store())], made))
        tensor.lead, tensor.trail, tensor.tail = [], "", []  # type: ignore[attr-defined]
        out.append(tensor)
    return out, names


def _table(value: object, node: ast.expr) -> ast.expr:
    return copy.deepcopy(value.source) if isinstance(value, Rows) and value.tensor else node


def _own(name: str, free: set[str]) -> str:
    while name in free:
        name += "_"
    free.add(name)
    return name


def _changed(source: ast.expr, before: list[ast.stmt]) -> bool:
    """Say whether a table was changed after its tensor was made."""
    names = {n.id for n in walk(source) if isinstance(n, ast.Name)}
    started = False
    for node in before:
        if started:
            for part in walk(node):
                stored = isinstance(
                    part, (ast.Name, ast.Subscript, ast.Attribute)
                ) and not isinstance(part.ctx, ast.Load)
                inplace = isinstance(part, ast.Call) and literal(keyword(part, "inplace")) is True
                if (stored or inplace) and names & {
                    n.id for n in walk(part) if isinstance(n, ast.Name)
                }:
                    return True
        started |= any(n is source for n in walk(node))
    return not started


class _Filled(ast.NodeTransformer):
    def __init__(self, rows: ast.expr) -> None:
        self.rows = rows

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.rows if node.id == ROWS else node


__all__ = ["Taken", "split_tables", "taken"]
