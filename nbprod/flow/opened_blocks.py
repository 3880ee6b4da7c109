"""Blocks around what is read: ``with open(path) as f: df = pd.read_csv(f)``, and reads of one place or else of another."""

from __future__ import annotations

import ast

from nbprod.flow.substitution import like
from nbprod.flow.tree import walk

HOLDING = ("pickle.load", "np.load", "numpy.load")


def unfolded(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the program with such blocks taken apart (the same list when there is none).

    Only assignments may stand in the block, and one of them must read a table.
    """
    out: list[ast.stmt] = []
    changed = False
    for node in body:
        inside = _inside(node) if isinstance(node, ast.With) else None
        tried = _tried(node) if isinstance(node, ast.Try) else None
        if tried is not None:
            out.append(tried)
            changed = True
        elif isinstance(node, ast.With) and inside and any(_reads(s) for s in inside):
            out.extend(_placed(node, inside))
            changed = True
        else:
            out.append(node)
    return out if changed else body


def _tried(node: ast.Try) -> ast.stmt | None:
    """Return the first of several places that a table is read from, None where something else is tried.

    Where the file is not there, its setting says where it is.
    """
    blocks = [node.body, *(handler.body for handler in node.handlers)]
    reads = [block[0] for block in blocks if len(block) == 1 and isinstance(block[0], ast.Assign)]
    if node.orelse or node.finalbody or len(reads) != len(blocks) or not all(map(_reads, reads)):
        return None
    names = {ast.unparse(target) for read in reads for target in read.targets}
    return like(node, reads[0]) if len(names) == 1 else None


def _inside(node: ast.With) -> list[ast.stmt] | None:
    """Return what a block opens and does as assignments, None where it does anything else."""
    out: list[ast.stmt] = []
    for item in node.items:
        if not isinstance(item.optional_vars, ast.Name):
            return None
        out.append(like(node, ast.Assign([item.optional_vars], item.context_expr)))
    for statement in node.body:
        if isinstance(statement, ast.With):
            inner = _inside(statement)
            if inner is None:
                return None
            out.extend(inner)
        elif isinstance(statement, ast.Assign):
            out.append(statement)
        else:
            return None
    return out


def _reads(node: ast.stmt) -> bool:
    """Say whether an assignment reads a table or arrays, or what may hold a table (see ``tables_within``)."""
    return isinstance(node, ast.Assign) and any(
        isinstance(part, ast.Attribute)
        and (part.attr.startswith("read_") or ast.unparse(part) in HOLDING)
        for part in walk(node.value)
    )


def _placed(block: ast.With, statements: list[ast.stmt]) -> list[ast.stmt]:
    """Put the comments of the block above its first statement alone."""
    opening = len(block.items)
    for number, statement in enumerate(statements[:opening]):
        statement.lead = getattr(block, "lead", []) if not number else []  # type: ignore[attr-defined]
    return [ast.fix_missing_locations(statement) for statement in statements]


__all__ = ["unfolded"]
