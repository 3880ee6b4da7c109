"""Rewrite a program so that its learning is straight-line code: same meaning, fewer shapes.

Helpers that learn, filter or fit are expanded where they are called, loops over tables are written
out, paired assignments are split. Every new statement keeps the cell and line it came from.
"""

from __future__ import annotations

import ast
import copy
from typing import Any

from nbprod.flow.assign_calls import assigned_columns
from nbprod.flow.inline import Inliner
from nbprod.flow.own_rows import all_rows
from nbprod.flow.quiet_blocks import in_the_open
from nbprod.flow.substitution import (
    Replace,
    assigned_names,
    copy_except,
    elements,
    like,
    names_at_top,
    substitute,
    target_names,
)
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow

BLOCKS = ("body", "orelse", "finalbody")


def normalize(flow: Flow) -> list[ast.stmt]:
    """Return the program with one round of rewriting applied (the same list when nothing changed)."""
    rewriter = _Normalizer(flow)
    body = rewriter.block(flow.body)
    return body if rewriter.changed else flow.body


class _Normalizer(Inliner):
    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.changed = False
        self.lists: dict[str, ast.expr] = {}
        self.globals = names_at_top(flow.body)
        self.count = 0

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        out: list[ast.stmt] = []
        for statement in body:
            out.extend(self.statement(statement))
        return out

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            return [node]
        if (
            isinstance(node, ast.Assign)
            and len(node.targets) == 1
            and isinstance(node.targets[0], ast.Name)
        ) and isinstance(node.value, (ast.List, ast.Tuple, ast.Dict)):
            self.lists[node.targets[0].id] = node.value
        if isinstance(node, ast.For):
            whole = all_rows(node, self.flow.val)
            if whole is not None:
                self.changed = True
                node = whole
            if self._only_chooses(node):
                self.changed = True
                return self.block(last_iteration([node], node))
            unrolled = self._unroll(node)
            if unrolled is not None:
                self.changed = True
                return self.block(unrolled)
        shown = in_the_open(node, self.flow.val)
        if shown is not None:
            self.changed = True
            return self.block(shown)
        for name in BLOCKS:
            inner = getattr(node, name, None)
            if inner and isinstance(inner[0], ast.stmt):
                new = self.block(inner)
                if new != inner:
                    node = copy.copy(node)
                    setattr(node, name, new)
        columns = assigned_columns(node)
        if columns is not None:
            self.changed = True
            return columns
        pairs = self._pairs(node)
        if pairs is not None:
            self.changed = True
            return pairs
        expanded = self._expand(node)
        if expanded is not None:
            self.changed = True
            return expanded
        return [node]

    # -- a, b = x, y -----------------------------------------------------------------------------
    def _pairs(self, node: ast.stmt) -> list[ast.stmt] | None:
        if not (isinstance(node, ast.Assign) and len(node.targets) == 1):
            return None
        target, value = node.targets[0], node.value
        if isinstance(value, (ast.ListComp, ast.GeneratorExp)) and isinstance(
            target, (ast.Tuple, ast.List)
        ):
            value = self._spread(value, len(target.elts)) or value
        if not (
            isinstance(target, (ast.Tuple, ast.List))
            and isinstance(value, (ast.Tuple, ast.List))
            and len(target.elts) == len(value.elts)
            and not any(isinstance(e, ast.Starred) for e in [*target.elts, *value.elts])
        ):
            return None
        done: set[str] = set()
        out: list[ast.stmt] = []
        for part, expr in zip(target.elts, value.elts, strict=True):
            if {n.id for n in walk(expr) if isinstance(n, ast.Name)} & done:
                return None
            done |= {n.id for n in walk(part) if isinstance(n, ast.Name)}
            out.append(like(node, ast.Assign([part], expr)))
        return out

    def _spread(self, value: ast.ListComp | ast.GeneratorExp, count: int) -> ast.Tuple | None:
        generator = value.generators[0]
        if (
            len(value.generators) != 1
            or generator.ifs
            or not isinstance(generator.target, ast.Name)
        ):
            return None
        items = self._elements(generator.iter)
        if items is None or len(items) != count:
            return None
        return ast.Tuple(
            [substitute(value.elt, {generator.target.id: item}) for item in items], ast.Load()
        )

    def _elements(self, node: ast.expr) -> list[ast.expr] | None:
        if isinstance(node, ast.Name):
            node = self.lists.get(node.id, node)
        if isinstance(node, (ast.List, ast.Tuple)):
            return list(node.elts)
        return None

    # -- for d in [train, test] --------------------------------------------------------------------
    def _unroll(self, node: ast.For) -> list[ast.stmt] | None:
        if node.orelse or not isinstance(node.target, ast.Name):
            return None
        items = self._elements(node.iter)
        if not items or not all(isinstance(i, ast.Name) for i in items):
            return None
        vals = [self.flow.val(i) for i in items]
        if not all(
            v.kind in ("frame", "series", "array") and v.role in ("row", "stat") for v in vals
        ):
            return None
        if any(isinstance(n, (ast.Break, ast.Continue)) for n in walk(node)):
            return None
        rebound = node.target.id in assigned_names(node.body)
        out: list[ast.stmt] = []
        for index, item in enumerate(items):
            if rebound:
                first = like(node, ast.Assign([ast.Name(node.target.id, ast.Store())], item))
                out.append(first)
                out.extend(copy.deepcopy(node.body))
            else:
                for position, inner in enumerate(node.body):
                    new = substitute(inner, {node.target.id: item})
                    if index == 0 and position == 0:
                        new.lead = [*getattr(node, "lead", []), *getattr(inner, "lead", [])]  # type: ignore[attr-defined]
                    elif index > 0:
                        for part in walk(new):
                            if isinstance(part, ast.stmt):
                                part.lead = []  # type: ignore[attr-defined]
                    out.append(new)
        return out

    def _only_chooses(self, node: ast.For) -> bool:
        """Say whether a loop over the folds of a splitter does nothing but choose rows: its last round stays."""
        return (
            self.flow.val(node.iter).kind == "folds"
            and isinstance(node.target, ast.Tuple)
            and not node.orelse
            and all(
                isinstance(s, ast.Assign)
                and all(target_names(t) and "" not in target_names(t) for t in s.targets)
                and all(
                    isinstance(value, ast.Subscript) and self.flow.rule(value) == "filter"
                    for value in elements(s.value)
                )
                for s in node.body
            )
        )

    # -- helpers ---------------------------------------------------------------------------------
    def _expand(self, node: ast.stmt) -> list[ast.stmt] | None:
        if not isinstance(node, (ast.Assign, ast.Expr, ast.AugAssign, ast.AnnAssign)):
            return None
        if node.value is None:
            return None
        call = self._helper_call(node.value)
        if call is None:
            return None
        if call is not node.value:
            self.count += 1
            assert isinstance(call.func, ast.Name)
            name = (
                f"{call.func.id}_result"
                if self.count == 1
                else f"{call.func.id}_result_{self.count}"
            )
            first = like(node, ast.Assign([ast.Name(name, ast.Store())], call))
            rest: Any = copy.copy(node)
            rest.value = Replace(call, ast.Name(name, ast.Load())).visit(
                copy_except(node.value, call)
            )
            rest.lead = []
            return [*(self._expand(first) or [first]), rest]
        target = (
            node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        )
        if isinstance(node, (ast.AugAssign, ast.AnnAssign)) or (
            isinstance(node, ast.Assign) and target is None
        ):
            return None
        assert isinstance(call.func, ast.Name)
        return self._inline(node, self.flow.functions[call.func.id], call, target)


def last_iteration(
    body: list[ast.stmt], loop: ast.For, choose: str | None = None
) -> list[ast.stmt]:
    """Replace a loop by its last round: what its variables hold when the loop is over."""
    listed = ast.Call(ast.Name("list", ast.Load()), [loop.iter], [])
    last = ast.Subscript(listed, ast.Constant(-1), ast.Load())
    first = like(loop, ast.Assign([loop.target], last))
    for node in walk(first):
        node.cell = loop.cell  # type: ignore[attr-defined]
        if isinstance(node, (ast.expr, ast.stmt)):
            ast.copy_location(node, loop)
    out: list[ast.stmt] = []
    for statement in body:
        if statement is loop:
            out.append(first)
            out.extend(loop.body)
            continue
        for name in BLOCKS:
            inner = getattr(statement, name, None)
            if inner and isinstance(inner[0], ast.stmt) and any(s is loop for s in walk(statement)):
                statement = copy.copy(statement)
                setattr(statement, name, last_iteration(inner, loop))
        out.append(statement)
    return out


# -- small tree tools ------------------------------------------------------------------------------
