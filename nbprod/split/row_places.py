"""Rows that are named by their place in the training table: a request has no such rows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.flow.scope import literal
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.split.served import parts_of

COUNTING = ("range", "arange")
MOVED = ("reorder", "resample", "concat", "set_index")


def places(flow: Flow, statements: list[ast.stmt]) -> Iterator[Finding]:
    """Yield a finding where rows are written or read by their place, or numbered."""
    for node in statements:
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign):
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Subscript) and _is_fixed(flow, target):
                yield _finding(
                    target, "writes rows that are named by their place in the training table"
                )
        if isinstance(node, ast.For):
            yield from _counted(flow, node)
        for part in parts_of(node):
            if isinstance(part, ast.For):
                yield from _counted(flow, part)
            elif isinstance(part, (ast.ListComp, ast.GeneratorExp)):
                yield from _numbered(flow, part)
            elif _is_label(flow, part):
                yield _finding(part, "is the label of a row in the training table")


def _is_label(flow: Flow, node: ast.AST) -> bool:
    """``row.name`` of ``apply(axis=1)``, ``row.Index`` of ``itertuples``, and the column that ``reset_index`` makes."""
    if isinstance(node, ast.Attribute) and node.attr in ("name", "Index"):
        val = flow.val(node.value)
        return val.role == "elem" and not _labelled_by_column(flow, val.axis)
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        val = flow.val(node.value)
        made = literal(node.slice) in ("index", "level_0") and val.is_row and val.kind == "frame"
        return (
            made
            and _hows(flow, val.axis).count("relabel") > 0
            and not _labelled_by_column(flow, val.axis)
        )
    return False


def _labelled_by_column(flow: Flow, axis: int | None) -> bool:
    return "set_index" in _hows(flow, axis)


def _hows(flow: Flow, axis: int | None) -> list[str]:
    found: list[str] = []
    while axis is not None:
        found.append(flow.axes[axis].how)
        axis = flow.axes[axis].parent
    return found


def _numbered(flow: Flow, node: ast.ListComp | ast.GeneratorExp) -> Iterator[Finding]:
    """``[i for i, v in enumerate(rows)]`` and ``[i for i, row in df.iterrows()]``."""
    for generator in node.generators:
        val = flow.val(generator.iter)
        if not val.is_row or not isinstance(generator.target, ast.Tuple):
            continue
        method = (
            ast.unparse(generator.iter.func).rsplit(".", 1)[-1]
            if isinstance(generator.iter, ast.Call)
            else ""
        )
        first = generator.target.elts[0]
        if method not in ("enumerate", "iterrows", "items") or not isinstance(first, ast.Name):
            continue
        if val.elems is not None or (_labelled_by_column(flow, val.axis) and method != "enumerate"):
            continue
        if any(isinstance(n, ast.Name) and n.id == first.id for n in walk(node.elt)):
            yield _finding(node, "numbers the rows")


def _finding(node: ast.AST, what: str) -> Finding:
    text = ast.unparse(node).split("\n")[0]
    return Finding(
        "E-CROSS-ROW",
        f"{text[:80]} {what}, and a request has no such place",
        origin(node),
        text[:200],
        "write the condition that singles the rows out, or correct the data file; compute a row from itself with apply(axis=1)",
    )


def _is_fixed(flow: Flow, target: ast.Subscript) -> bool:
    base = flow.val(target.value)
    key = target.slice
    if base.kind == "indexer" and base.is_row:
        return _fixed(key.elts[0] if isinstance(key, ast.Tuple) and key.elts else key)
    if base.is_row and base.kind == "array" and isinstance(key, ast.Tuple) and key.elts:
        return _fixed(key.elts[0])
    return base.is_row and base.kind in ("series", "array") and _fixed(key)


def _fixed(key: ast.expr) -> bool:
    """Say whether a row selector names rows by number."""
    if isinstance(key, ast.Slice):
        bounds = [literal(b) for b in (key.lower, key.upper, key.step) if b is not None]
        return any(isinstance(b, int) for b in bounds)
    value = literal(key)
    if isinstance(value, bool):
        return False
    if isinstance(value, (list, tuple)):
        return bool(value) and all(isinstance(v, int) and not isinstance(v, bool) for v in value)
    return isinstance(value, int)


def _counted(flow: Flow, node: ast.For) -> Iterator[Finding]:
    """``for i in range(len(df))`` that reads or writes the rows ``i``, ``i - 1``."""
    if not isinstance(node.target, ast.Name):
        return
    call = node.iter
    name = ast.unparse(call.func).rsplit(".", 1)[-1] if isinstance(call, ast.Call) else ""
    counts = name in COUNTING and flow.val(call).role == "stat"
    labels = flow.val(call).kind == "index" and flow.val(call).is_row
    if flow.val(call).kind == "places":
        yield from _other_order(flow, node)
    if not (counts or labels):
        return
    for statement in node.body:
        for part in walk(statement):
            if not isinstance(part, ast.Subscript) or not flow.val(part.value).is_row:
                continue
            if flow.val(part.value).kind not in ("indexer", "series", "array"):
                continue
            key = part.slice.elts[0] if isinstance(part.slice, ast.Tuple) else part.slice
            if _names(key, node.target.id) and (counts or not isinstance(key, ast.Name)):
                yield _finding(part, "is chosen by counting rows")
                return


def _names(key: ast.AST, name: str) -> bool:
    """Say whether a selector counts with a variable; one that it compares with is a value, as in ``df["a"] == i``."""
    if isinstance(key, ast.Compare):
        return False
    if isinstance(key, ast.Name):
        return key.id == name
    return any(_names(child, name) for child in ast.iter_child_nodes(key))


def _other_order(flow: Flow, node: ast.For) -> Iterator[Finding]:
    """``df["a"][i]`` is the row with the label i: after a sort or a draw it is not the i-th."""
    assert isinstance(node.target, ast.Name)
    for statement in node.body:
        for part in walk(statement):
            if not isinstance(part, ast.Subscript) or not isinstance(part.ctx, ast.Load):
                continue
            base = flow.val(part.value)
            labelled = base.kind == "series" or base.qual.startswith(("loc:", "at:", "ix:"))
            if not (base.is_row and labelled and flow.val(part.slice).kind == "place"):
                continue
            hows = _hows(flow, base.axis)
            since = hows[: hows.index("relabel")] if "relabel" in hows else hows
            if any(how in MOVED or how.startswith("split") for how in since):
                yield _finding(
                    part, "is the row with that label, which is not the place in the table any more"
                )
                return


__all__ = ["places"]
