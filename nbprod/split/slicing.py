"""Backward slices from the fit: what serving needs, what the label needs, what fitting needs."""

from __future__ import annotations

import ast

from nbprod.flow.program import role_said
from nbprod.flow.scope import base_name
from nbprod.flow.tree import holds, walk
from nbprod.flow.values import Flow
from nbprod.split.columns import ALL, Columns
from nbprod.split.decision import decision
from nbprod.split.effects import Effect, effects
from nbprod.split.marks import Slices
from nbprod.split.model_slice import slice_model
from nbprod.split.needed import Needs
from nbprod.split.needs import Reader
from nbprod.split.routing import is_routed, routing_axes
from nbprod.split.sinks import Sink


class Slicer:
    """One backward pass in one mode (``serve``, ``label`` or ``fit``)."""

    def __init__(self, flow: Flow, slices: Slices, mode: str) -> None:
        self.flow = flow
        self.slices = slices
        self.mode = mode
        self.learned: set[int] = set()
        self.reader = Reader(flow, "fit" if mode == "fit" else "serve", self.learned)
        self._before: dict[str, Columns] = {}  # needs before the bindings of a statement are killed

    def run(self, body: list[ast.stmt], until: ast.stmt, live: Needs) -> Needs:
        """Walk backwards from (and excluding) ``until``."""
        _, live = self._block(body, live, until, started=False)
        return live

    def _block(
        self, body: list[ast.stmt], live: Needs, until: ast.stmt | None, started: bool
    ) -> tuple[bool, Needs]:
        for node in reversed(body):
            if not started:
                if node is until:
                    started = True
                    continue
                if until is not None and holds(node, until):
                    for name in ("finalbody", "orelse", "body"):
                        inner = getattr(node, name, None) or []
                        if inner and isinstance(inner[0], ast.stmt):
                            if any(holds(s, until) for s in inner):
                                started, live = self._block(inner, live, until, False)
                                self._header(node, live)
                                self._keep(node)
                                break
                continue
            self._statement(node, live)
        return started, live

    def _keep(self, node: ast.stmt) -> None:
        setattr(self.slices.mark(node), self.mode, True)

    def _statement(self, node: ast.stmt, live: Needs) -> None:
        self._before = dict(live.rows)
        if isinstance(node, (ast.For, ast.While, ast.If, ast.With, ast.Try)):
            self._compound(node, live)
            return
        changes = effects(self.flow, node)
        changes += self._aliases(changes)
        stored = self._stored(node, changes, live)
        needed = [c for c in changes if self._hit(c, live)]
        mark = self.slices.mark(node)
        forced = self.mode == "fit" and (mark.serve or mark.label or mark.store)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            if needed:
                self._keep(node)
                for change in needed:
                    live.names.discard(change.name)
                if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                    self.reader._body(node, live)
            return
        if not needed and not forced and not stored:
            return
        if stored and not needed and self.mode != "fit":
            return
        if needed or forced:
            if needed:
                self._keep(node)
            self._kill(changes, live)
            self._read(node, live, needed)

    def _stored(self, node: ast.stmt, changes: list[Effect], live: Needs) -> bool:
        """A learned variable that serving reads is stored where it is made."""
        if self.mode == "fit":
            return False
        hit = False
        for change in changes:
            if change.kind == "learn" and change.name in live.refitted:
                continue
            if change.name in live.stored and change.kind in ("bind", "learn", "mutate", "column"):
                made = self._made(node, change.name)
                if made == "row" if change.kind == "bind" else self._is_table(node, change.name):
                    continue  # a row function looks into it: the rewriter keeps a snapshot
                self.slices.mark(node).store.add(change.name)
                hit = True
                if change.strong:
                    live.stored.discard(change.name)
        return hit

    def _made(self, node: ast.stmt, name: str) -> str:
        for target in getattr(node, "targets", []):
            for part in walk(target):
                if isinstance(part, ast.Name) and part.id == name:
                    return self.flow.val(part).role
        return "stat"

    def _is_table(self, node: ast.stmt, name: str) -> bool:
        return any(
            isinstance(n, ast.Name) and n.id == name and self.flow.val(n).is_row for n in walk(node)
        )

    def _aliases(self, changes: list[Effect]) -> list[Effect]:
        extra: list[Effect] = []
        for change in changes:
            if change.kind == "bind":
                continue
            for group in self.flow.aliases:
                if change.name in group:
                    extra += [
                        Effect(n, change.kind, change.columns) for n in group if n != change.name
                    ]
        return extra

    def _hit(self, change: Effect, live: Needs) -> bool:
        serving = self.mode != "fit"
        if change.kind == "select":
            return not serving and change.name in live.rows
        if change.kind in ("column", "drop"):
            if change.name not in live.rows:
                return change.name in live.names
            return change.columns is None or live.rows[change.name].touches(change.columns)
        if change.kind == "learn":
            return change.name in live.names
        return change.name in live.rows or change.name in live.names

    def _kill(self, changes: list[Effect], live: Needs) -> None:
        for change in changes:
            if change.kind == "bind" and change.strong:
                live.rows.pop(change.name, None)
                live.names.discard(change.name)
            elif (
                change.kind == "column"
                and change.strong
                and change.columns
                and change.name in live.rows
            ) or (change.kind == "drop" and change.columns and change.name in live.rows):
                live.rows[change.name] = live.rows[change.name].drop(change.columns)

    def _read(self, node: ast.stmt, live: Needs, needed: list[Effect]) -> None:
        columns = ALL
        before = self._before
        if isinstance(node, ast.Assign):
            if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                columns = before.get(node.targets[0].id, ALL)
            if self.mode != "fit" and self.flow.rule(node.value) in ("split", "resample"):
                self._split(node, live)
                return
            self.reader.expr(node.value, live, columns, is_routed(self.flow, node))
            for target in node.targets:
                self._target(target, live)
            return
        if isinstance(node, ast.AugAssign):
            self.reader.expr(node.value, live)
            self._target(node.target, live, reads=True)
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            self._call(node.value, live)
            return
        for expression in ast.iter_child_nodes(node):
            if isinstance(expression, ast.expr):
                self.reader.expr(expression, live)

    def _call(self, call: ast.Call, live: Needs) -> None:
        """An in-place call needs its arguments; its receiver is live already."""
        if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
            name = call.func.value.id
            if name not in live.rows:
                live.names.add(name)
            for argument in [*call.args, *(k.value for k in call.keywords)]:
                self.reader.expr(argument, live)
            return
        self.reader.expr(call, live)

    def _target(self, target: ast.expr, live: Needs, reads: bool = False) -> None:
        if isinstance(target, ast.Name):
            if reads:
                self.reader.expr(ast.copy_location(ast.Name(target.id, ast.Load()), target), live)
                val = self.flow.val(target)
                if val.is_row:
                    live.want(target.id, ALL)
                else:
                    live.names.add(target.id)
            return
        if isinstance(target, (ast.Tuple, ast.List)):
            for part in target.elts:
                self._target(part, live, reads)
            return
        name = base_name(target)
        if isinstance(target, ast.Subscript):
            self.reader.expr(target.slice, live)
            if isinstance(target.value, ast.Subscript):
                self.reader.expr(target.value.slice, live)
        if name is not None and name not in live.rows and not reads:
            inner = next(
                (n for n in walk(target) if isinstance(n, ast.Name) and n.id == name), None
            )
            if inner is not None and self.flow.final.get(name) is not None:
                live.names.add(name)

    def _split(self, node: ast.Assign, live: Needs) -> None:
        """At serve time ``X_train, X_test = train_test_split(X)`` means ``X_train = X``.

        So does ``X_more, y_more = sampler.fit_resample(X, y)`` mean ``X_more, y_more = X, y``.
        """
        call = node.value
        target = node.targets[0]
        assert isinstance(call, ast.Call)
        each = 2 if self.flow.rule(call) == "split" else 1
        given = [*call.args, *(k.value for k in call.keywords if self.flow.val(k.value).is_row)]
        parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
        for index, part in enumerate(parts):
            if (
                isinstance(part, ast.Name)
                and part.id in self._before
                and index // each < len(given)
            ):
                self.reader.expr(given[index // each], live, self._before[part.id])

    # -- compound statements -----------------------------------------------------------------------
    def _compound(self, node: ast.stmt, live: Needs) -> None:
        bodies = [b for n in ("body", "orelse", "finalbody") if (b := getattr(node, n, None))]
        bodies += [h.body for h in getattr(node, "handlers", [])]
        rounds = 3 if isinstance(node, (ast.For, ast.While)) else 1
        inside = live.copy()
        for _ in range(rounds):
            before = inside.state()
            for body in bodies:
                branch = inside.copy()
                for statement in reversed(body):
                    self._statement(statement, branch)
                inside.merge(branch)
            if inside.state() == before:
                break
        stored = inside.stored
        live.merge(inside)
        live.stored = stored
        marks = [
            self.slices.marks.get(id(s))
            for b in bodies
            for s in b
            if self.slices.marks.get(id(s)) is not None
        ]
        wanted = [
            m for m in marks if m and (getattr(m, self.mode) or (self.mode == "fit" and m.kept))
        ]
        if wanted:
            self._header(node, live)
            self._keep(node)
        if self.mode != "fit":
            self.slices.mark(node).store |= {n for m in marks if m for n in m.store}

    def _header(self, node: ast.stmt, live: Needs) -> None:
        if isinstance(node, ast.For):
            for part in walk(node.target):
                if isinstance(part, ast.Name):
                    live.names.discard(part.id)
                    live.rows.pop(part.id, None)
                    live.stored.discard(part.id)
            self.reader.expr(node.iter, live)
        elif isinstance(node, (ast.If, ast.While)):
            self.reader.expr(node.test, live)
        elif isinstance(node, ast.With):
            for item in node.items:
                self.reader.expr(item.context_expr, live)


def _said_to_be_kept(flow: Flow) -> set[str]:
    """Return the functions and classes of cells called ``keep``, and what they read."""
    names: set[str] = set()
    for node in flow.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and role_said(node) == "keep":
            names.add(node.name)
            names |= {n.id for n in walk(node) if isinstance(n, ast.Name)} & set(flow.final)
    return names


def slice_program(flow: Flow, sink: Sink) -> Slices:
    """Compute all slices of a program for one sink."""
    slices = Slices()
    flow.routing = routing_axes(flow, sink)
    slice_model(flow, slices, flow.body, sink)
    found = decision(flow, sink)
    if found is not None and found.search is not None:
        slices.extras |= found.search.rows
    serve = Needs()
    Reader(flow, "serve", set()).expr(sink.x, serve)
    Slicer(flow, slices, "serve").run(flow.body, sink.statement, serve)
    slices.entry = serve
    if sink.y is not None:
        label = Needs()
        Reader(flow, "serve", set()).expr(sink.y, label)
        Slicer(flow, slices, "label").run(flow.body, sink.statement, label)
    fit = Needs()
    fit.names |= _said_to_be_kept(flow)
    reader = Reader(flow, "fit", set())
    reader.expr(sink.x, fit)
    reader.expr(sink.y, fit)
    for name in slices.extras:
        val = next(
            (
                flow.vals[id(n)]
                for s in [sink.statement]
                for n in walk(s)
                if isinstance(n, ast.Name) and n.id == name and id(n) in flow.vals
            ),
            flow.final.get(name),
        )
        if val is not None and val.is_row:
            fit.want(name, ALL)
        else:
            fit.names.add(name)
    Slicer(flow, slices, "fit").run(flow.body, sink.statement, fit)
    return slices
