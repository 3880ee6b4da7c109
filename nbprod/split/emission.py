"""Emit the kept statements in program order: one body with a ``fitting`` flag."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass, field

from nbprod.findings import Finding
from nbprod.flow.calls import class_name
from nbprod.flow.program import origin
from nbprod.flow.scope import base_name, keyword, literal
from nbprod.flow.tree import own_expressions, walk
from nbprod.flow.values import Flow
from nbprod.knowledge import estimators
from nbprod.split.effects import effects
from nbprod.split.naming import Namer
from nbprod.split.rewrite import FIT_ONLY, Learned, Rewriter, classify, identity
from nbprod.split.sinks import Sink
from nbprod.split.slicing import Mark, Slices

FITTING = "fitting"


@dataclass
class Emitted:
    """The statements of the generated body and what was learned on the way."""

    body: list[ast.stmt] = field(default_factory=list)
    learned: Learned = field(default_factory=Learned)
    constants: list[ast.Assign] = field(default_factory=list)
    helpers: list[ast.stmt] = field(default_factory=list)
    helper_state: dict[str, list[str]] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    names: dict[str, ast.expr] = field(default_factory=dict)
    x: ast.expr | None = None
    y: ast.expr | None = None
    holdout: str = ""  # variable with the rows that the notebook's split keeps back


class Emitter:
    """Turn marked statements into statements of the generated package."""

    def __init__(
        self, flow: Flow, slices: Slices, sink: Sink, mode: str, learned: Learned | None = None
    ) -> None:
        self.flow = flow
        self.slices = slices
        self.sink = sink
        self.mode = mode  # "fit": body of both modes; "label": serving form of the label path
        names = {n.id for s in flow.body for n in walk(s) if isinstance(n, ast.Name)}
        self.learned = learned or Learned()
        self.rewriter = Rewriter(flow, self.learned, Namer())
        self.out = Emitted(learned=self.learned)
        self.taken = names
        self.counts = self._assignment_counts()

    def _assignment_counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for statement in walk(ast.Module(self.flow.body, [])):
            if isinstance(statement, ast.Name) and isinstance(statement.ctx, ast.Store):
                counts[statement.id] = counts.get(statement.id, 0) + 1
        return counts

    def run(self) -> Emitted:
        """Emit everything before the fit."""
        self._find_helpers()
        self.rewriter.partial = self._partial_columns()
        body = self._block(self.flow.body)[0]
        self.out.body = merge_guards(body if self.mode == "fit" else serving_only(body))
        self.out.names = dict(self.rewriter.names)
        self.out.x = (
            self.rewriter.serve(self.sink.x) if not self.rewriter.selects(self.sink.x) else None
        )
        if self.out.x is None:
            self.out.body.extend(self._selection("X", self.sink.x))
            self.out.x = ast.Name("X", ast.Load())
        self.out.body.extend(self._flush())
        self.out.body = merge_guards(self.out.body)
        if self.sink.y is not None:
            self.out.y = self.rewriter.fit(self.sink.y)
        return self.out

    def _selection(self, name: str, node: ast.expr) -> list[ast.stmt]:
        target = ast.Name(name, ast.Store())
        fit = ast.Assign([target], self.rewriter.fit(node))
        serve = ast.Assign([target], self.rewriter.serve(node))
        return [*self._flush(), _guard([fit], [serve], self.sink.statement)]

    # -- blocks ------------------------------------------------------------------------------------
    def _block(self, body: list[ast.stmt]) -> tuple[list[ast.stmt], bool]:
        out: list[ast.stmt] = []
        for node in body:
            if node is self.sink.statement:
                return out, True
            if any(n is self.sink.statement for n in walk(node)):
                new, _ = self._around_sink(node)
                out.extend(new)
                return out, True
            out.extend(self._statement(node))
        return out, False

    def _around_sink(self, node: ast.stmt) -> tuple[list[ast.stmt], bool]:
        """The fit stands inside ``if``, ``with`` or ``try``: its surroundings are straight code here."""
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(node, name, None)
            if (
                inner
                and isinstance(inner[0], ast.stmt)
                and any(n is self.sink.statement for s in inner for n in walk(s))
            ):
                return self._block(inner)
        return [], True

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        mark = self.slices.marks.get(id(node))
        if mark is None or not mark.kept:
            return []
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                self._helper(node)
            return []
        if isinstance(node, (ast.For, ast.While, ast.If, ast.With, ast.Try)):
            return self._compound(node, mark)
        if self._is_source(node, mark):
            return self._source(node, mark)
        self._constructor(node)
        serving = mark.serve if self.mode == "fit" else mark.label
        if mark.store:
            return self._store(node, mark, serving)
        if not serving:
            if self.mode != "fit":
                return []
            return self._label_only(node) if mark.label else self._fit_only(node)
        return self._both(node)

    # -- one statement in both modes -------------------------------------------------------------------
    def _both(self, node: ast.stmt) -> list[ast.stmt]:
        rewriter = self.rewriter
        if isinstance(node, ast.Assign):
            return self._assign(node)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            if self.flow.rule(call) in ("filter", "reorder"):
                return self._fit_only(node)
            new = self._in_place(node, call)
            if new is not None:
                return self._finish(node, new)
            if isinstance(call.func, ast.Attribute) and literal(keyword(call, "inplace")) is True:
                args = [rewriter.serve(a) for a in call.args]
                keywords = [ast.keyword(k.arg, rewriter.serve(k.value)) for k in call.keywords]
                if rewriter.drops_partial(call):
                    keywords.append(ast.keyword("errors", ast.Constant("ignore")))
                function = ast.Attribute(call.func.value, call.func.attr, ast.Load())
                return self._finish(node, [ast.Expr(ast.Call(function, args, keywords))])
            return self._finish(node, [ast.Expr(rewriter.serve(call))])
        if isinstance(node, ast.AugAssign):
            target = self._serve_target(node.target)
            assert isinstance(target, (ast.Name, ast.Attribute, ast.Subscript))
            return self._finish(node, [ast.AugAssign(target, node.op, rewriter.serve(node.value))])
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            return self._finish(
                node,
                [
                    ast.AnnAssign(
                        node.target, node.annotation, rewriter.serve(node.value), node.simple
                    )
                ],
            )
        return self._finish(node, [copy.copy(node)])

    def _in_place(self, node: ast.stmt, call: ast.Call) -> list[ast.stmt] | None:
        chained = self._chained(call)
        if chained is not None:
            return chained
        return self._learning_in_place(call)

    def _chained(self, call: ast.Call) -> list[ast.stmt] | None:
        """``df['a'].fillna(v, inplace=True)`` is written as the assignment that it meant before pandas 3."""
        if (
            not isinstance(call.func, ast.Attribute)
            or literal(keyword(call, "inplace")) is not True
        ):
            return None
        receiver = call.func.value
        if isinstance(receiver, ast.Name) or not isinstance(
            receiver, (ast.Subscript, ast.Attribute)
        ):
            return None
        if (
            not isinstance(receiver.value, ast.Name)
            or self.flow.val(receiver.value).kind != "frame"
        ):
            return None
        self.learned.findings.append(
            Finding(
                "W-COW",
                f"{ast.unparse(call)[:70]} changes a column in place, which pandas 3 no longer does; "
                "it is written as an assignment, which is what earlier versions do",
                origin(call),
                ast.unparse(call)[:200],
                "assign the result: df['a'] = df['a'].fillna(...)",
            )
        )
        key = receiver.slice if isinstance(receiver, ast.Subscript) else ast.Constant(receiver.attr)
        target = ast.Subscript(
            receiver.value,
            self.rewriter.serve(key) if isinstance(receiver, ast.Subscript) else key,
            ast.Store(),
        )
        plain = copy.copy(call)
        plain.twin = identity(call)  # type: ignore[attr-defined]
        plain.keywords = [k for k in call.keywords if k.arg != "inplace"]
        self.flow.vals[id(plain)] = self.flow.val(call)
        self.flow.rules[id(plain)] = self.flow.rule(call)
        if id(call) in self.flow.assumed:
            self.flow.assumed[id(plain)] = self.flow.assumed[id(call)]
        self.flow.copies.append(ast.Expr(plain))
        return [ast.Assign([target], self.rewriter.serve(plain))]

    def _learning_in_place(self, call: ast.Call) -> list[ast.stmt] | None:
        """``df.dropna(axis=1, inplace=True)`` and the like learn: write them as an assignment."""
        if (
            not isinstance(call.func, ast.Attribute)
            or literal(keyword(call, "inplace")) is not True
        ):
            return None
        if not self.flow.rule(call).startswith("fused:") or not isinstance(
            call.func.value, ast.Name
        ):
            return None
        target = ast.Name(call.func.value.id, ast.Store())
        return [ast.Assign([target], self.rewriter.serve(call))]

    def _assign(self, node: ast.Assign) -> list[ast.stmt]:
        rewriter = self.rewriter
        rule = self.flow.rule(node.value)
        target = node.targets[0]
        if isinstance(target, (ast.Tuple, ast.List)) and rule in ("split", "resample"):
            return self._split(node, target)
        if self._rounds(node.value):
            return self._fit_transform(node)
        rewriter.routed = any(isinstance(t, (ast.Subscript, ast.Attribute)) for t in node.targets)
        if rewriter.routed:
            self._refuse_reordered(node.value)
        try:
            if rewriter.selects(node.value):
                fit: ast.stmt = ast.Assign(node.targets, self._copied(node.value))
                serve = ast.Assign(node.targets, rewriter.serve(node.value))
                same = len(node.targets) == 1 and _same(target, serve.value)
                if self.mode == "label":
                    return [] if same else self._finish(node, [serve])
                return self._finish(node, [_guard([fit], [] if same else [serve], node)])
            value = rewriter.serve(node.value)
            if (
                isinstance(target, ast.Tuple)
                and isinstance(value, ast.Tuple)
                and len(target.elts) == len(value.elts)
            ):
                live = [
                    (t, v)
                    for t, v in zip(target.elts, value.elts, strict=True)
                    if isinstance(t, ast.Name)
                ]
                for t, v in live:
                    if self.flow.val(t).role == "stat":
                        rewriter.names[t.id] = v
                kept = [ast.Assign([t], v) for t, v in live if self.flow.val(t).role != "stat"]
                return self._finish(node, list(kept))
            targets = [self._serve_target(t) for t in node.targets]
            for item in node.targets:
                if isinstance(item, ast.Name):
                    rewriter.names.pop(item.id, None)
            return self._finish(node, [ast.Assign(targets, value)])
        finally:
            rewriter.routed = False

    def _refuse_reordered(self, node: ast.expr) -> None:
        """Rows in another order, or the first few of them, are no column of each row."""
        for part in walk(node):
            rule = self.flow.rule(part)
            method = (
                part.func.attr
                if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute)
                else ""
            )
            if self.flow.val(part).role == "stat":
                continue
            if rule == "reorder" or (
                rule == "filter" and method in ("sample", "head", "tail", "nlargest", "nsmallest")
            ):
                self.rewriter.refuse(part, "cross")

    def _rounds(self, node: ast.expr) -> bool:
        """Say whether training must call ``fit_transform`` itself to get the notebook's last digits."""
        if self.flow.rule(node) != "fused:fit_transform":
            return False
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Attribute)
        cls = class_name(self.flow.val(node.func.value).qual)
        return cls in estimators("fit_transform_rounds") and len(node.args) > 0

    def _fit_transform(self, node: ast.Assign) -> list[ast.stmt]:
        call = node.value
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Attribute)
        rewriter = self.rewriter
        receiver = call.func.value
        name = (
            receiver.id
            if isinstance(receiver, ast.Name)
            else class_name(self.flow.val(receiver).qual)
        )
        made = rewriter.fit_estimator(call, [])
        assert isinstance(made, ast.Call)
        assert isinstance(made.func, ast.Attribute)
        if isinstance(receiver, ast.Name):
            rewriter.names.pop(receiver.id, None)
        access = self._declare(name, call, "estimator")
        if isinstance(receiver, ast.Name):
            rewriter.names[receiver.id] = access
        fitted = ast.Call(
            ast.Attribute(access, "fit_transform", ast.Load()),
            [rewriter.fit(a) for a in call.args],
            [ast.keyword(k.arg, rewriter.fit(k.value)) for k in call.keywords],
        )
        replayed = ast.Call(
            ast.Attribute(access, "transform", ast.Load()), [rewriter.serve(call.args[0])], []
        )
        learn = ast.Assign([_store(access)], made.func.value)
        fit = ast.Assign(node.targets, fitted)
        serve = ast.Assign(node.targets, replayed)
        if self.mode == "label":
            return self._finish(node, [serve])
        return self._finish(node, [_guard([learn, fit], [serve], node)])

    def _copied(self, node: ast.expr) -> ast.expr:
        """Rows chosen by a mask are a copy already; saying so keeps pandas from warning later."""
        value = self.rewriter.fit(node)
        if not isinstance(node, ast.Subscript) or self.flow.rule(node) != "filter":
            return value
        if self.flow.val(node).kind == "frame" and self.flow.val(node.slice).is_row:
            return ast.Call(ast.Attribute(value, "copy", ast.Load()), [], [])
        return value

    def _masked(self, target: ast.expr) -> bool:
        if not isinstance(target, ast.Subscript):
            return False
        if isinstance(target.value, ast.Attribute) and target.value.attr in ("loc", "iloc"):
            rows = target.slice.elts[0] if isinstance(target.slice, ast.Tuple) else target.slice
            return self.flow.val(rows).is_row
        return self.flow.val(target.slice).is_row

    def _serve_target(self, target: ast.expr) -> ast.expr:
        if isinstance(target, ast.Subscript):
            new = copy.copy(target)
            routed, self.rewriter.routed = self.rewriter.routed, True
            new.slice = self.rewriter.serve(target.slice)
            if isinstance(target.value, ast.Subscript):
                inner = copy.copy(target.value)
                inner.slice = self.rewriter.serve(target.value.slice)
                new.value = inner
            self.rewriter.routed = routed
            return new
        return target

    def _split(self, node: ast.Assign, target: ast.Tuple | ast.List) -> list[ast.stmt]:
        call = node.value
        assert isinstance(call, ast.Call)
        resample = self.flow.rule(call) == "resample"
        live = self.live_names(node)
        serve: list[ast.stmt] = []
        parts: list[ast.expr] = []
        rows = [a for a in call.args if self.flow.val(a).is_row]
        kept_back = "" if resample else self._kept_back(target, call)
        for index, part in enumerate(target.elts):
            source = (
                rows[index]
                if resample and index < len(rows)
                else (call.args[index // 2] if index // 2 < len(call.args) else None)
            )
            if isinstance(part, ast.Name) and source is not None and self._serving(part.id, node):
                value = self.rewriter.serve(source)
                if not _same(part, value):
                    serve.append(ast.Assign([part], value))
            keep = not isinstance(part, ast.Name) or part.id in live or part.id == kept_back
            parts.append(part if keep else ast.Name("_", ast.Store()))
        if self.mode == "label":
            return self._finish(node, serve)
        fit = ast.Assign([ast.Tuple(parts, ast.Store())], self.rewriter.fit(call))
        self.out.holdout = kept_back or self.out.holdout
        return self._finish(node, [_guard([fit], serve, node)])

    def _kept_back(self, target: ast.Tuple | ast.List, call: ast.Call) -> str:
        """Return the variable with the rows kept back, when their labels still name raw rows."""
        names = [p.id if isinstance(p, ast.Name) else "" for p in target.elts]
        rows = [a for a in call.args if self.flow.val(a).is_row]
        axis = self.flow.val(rows[0]).axis if rows else None
        if axis is None or not self.flow.axes[axis].labelled or len(names) < 2 or not self._serving(names[0], call):  # type: ignore[arg-type]
            return ""
        label = names[3] if len(names) > 3 else ""
        return label if label and label != "_" else names[1]

    def _serving(self, name: str, node: ast.stmt) -> bool:
        return name in getattr(self, f"_{'serve' if self.mode == 'fit' else 'label'}_names")

    # -- training only ---------------------------------------------------------------------------------
    def _fit_only(self, node: ast.stmt) -> list[ast.stmt]:
        new: ast.stmt
        if self.mode != "fit":
            return []
        if isinstance(node, ast.Assign):
            if isinstance(node.targets[0], (ast.Tuple, ast.List)) and self.flow.rule(
                node.value
            ) in ("split", "resample"):
                return self._split(node, node.targets[0])
            new = ast.Assign(node.targets, self.rewriter.fit(node.value))
            for target in node.targets:
                if isinstance(target, ast.Name):
                    self.rewriter.names.pop(target.id, None)
            if self.flow.val(node.value).role == "const" and not self._mutable(node):
                return self._finish(node, [new])
        else:
            new = _map(self.rewriter, node)
        return self._finish(node, [_guard([new], [], node)])

    def _label_only(self, node: ast.stmt) -> list[ast.stmt]:
        """The label is prepared while training; what is learned for it goes to the state too."""
        inner: list[ast.stmt] = []
        for new in self._both(node):
            inner.extend(new.body if getattr(new, "guard", False) else [new])  # type: ignore[attr-defined]
        return self._finish(node, [_guard(inner, [], node)]) if inner else []

    def _mutable(self, node: ast.Assign) -> bool:
        """Constants used by training alone stay under the flag when something changes them later."""
        return True

    # -- learned variables -----------------------------------------------------------------------------
    def _store(self, node: ast.stmt, mark: Mark, serving: bool) -> list[ast.stmt]:
        rewriter = self.rewriter
        changes = effects(self.flow, node)
        learns = [c for c in changes if c.kind == "learn" and c.name in mark.store]
        if learns and serving:
            return self._both(node)
        if learns and isinstance(node, (ast.Expr, ast.Assign)):
            call = node.value
            if isinstance(call, ast.Call) and self.flow.rule(call) == "fit":
                name = learns[0].name
                rewriter.names.pop(name, None)
                access = self._declare(name, call, "estimator")
                line = ast.Assign([_store(access)], rewriter.fit_estimator(call))
                rewriter.names[name] = access
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    rewriter.names[node.targets[0].id] = access
                return self._finish(node, [_guard([line], [], node)])
            return self._both(node) if self.mode == "fit" else self._label_learned(node)
        if (
            isinstance(node, ast.Assign)
            and len(node.targets) == 1
            and isinstance(node.targets[0], ast.Name)
        ):
            name = node.targets[0].id
            if self.flow.val(node.value).role == "const":
                return self._fit_only(node)
            rewriter.names.pop(name, None)
            value = node.value
            fit = rewriter.fit(value)
            if isinstance(value, ast.Call) and self.flow.rule(value) == "fit":
                fit = rewriter.fit_estimator(value)
            access = self._declare(name, value, "")
            if _lazy(value):
                fit = ast.Call(ast.Name("list", ast.Load()), [fit], [])
            rewriter.names[name] = access
            return self._finish(node, [_guard([ast.Assign([_store(access)], fit)], [], node)])
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and serving:
            return self._both(node)
        body: list[ast.stmt] = [_map(rewriter, node)]
        for name in sorted(mark.store):
            rewriter.names.pop(name, None)
        body = [_map(rewriter, node)]
        for name in sorted(mark.store):
            body.extend(self._capture(name, node))
        return self._finish(node, [_guard(body, [], node)])

    def _label_learned(self, node: ast.stmt) -> list[ast.stmt]:
        return self._both(node)

    def _capture(self, name: str, node: ast.stmt) -> list[ast.stmt]:
        probe = ast.copy_location(ast.Name(name, ast.Load()), node)
        probe.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
        probe.twin = identity(node)  # type: ignore[attr-defined]
        self.flow.vals[id(probe)] = self.flow.final.get(name, self.flow.val(node))
        access = self._declare(name, probe, "statistic")
        self.rewriter.names[name] = access
        return [ast.Assign([_store(access)], ast.Name(name, ast.Load()))]

    def _declare(self, name: str, value: ast.expr, kind: str) -> ast.expr:
        rewriter = self.rewriter
        found, annotation, codec = classify(value, self.flow.val(value))
        key = (identity(value), name)
        if key in self.learned.by_node:
            return rewriter.access(self.learned.by_node[key])
        field_name = rewriter.namer.new(name)
        self.learned.by_node[key] = field_name
        if codec == "list":
            codec = "any"
        rewriter.declare(field_name, value, kind or found, annotation, codec)
        return rewriter.access(field_name)

    # -- sources, constants, constructors ------------------------------------------------------------------
    def _is_source(self, node: ast.stmt, mark: Mark) -> bool:
        return any(
            self.flow.rule(e) == "source" for e in own_expressions(node) if isinstance(e, ast.expr)
        )

    def _source(self, node: ast.stmt, mark: Mark) -> list[ast.stmt]:
        """A reading statement: the read moves to ``data.py``, what follows it stays."""
        serving = mark.serve if self.mode == "fit" else mark.label
        for call in own_expressions(node):
            if isinstance(call, ast.expr) and self.flow.rule(call) == "source":
                name = next((n for n, e in self.flow.sources.items() if e is call), "")
                if name not in self.out.sources:
                    self.out.sources.append(name)
        replaced = _Sources(self.flow).visit(_copy_tree(node, self.flow))
        if (
            isinstance(replaced, ast.Assign)
            and len(replaced.targets) == 1
            and _same(replaced.targets[0], replaced.value)
        ):
            return []
        self._inherit(node, replaced)
        if mark.store:
            return self._store(replaced, mark, serving)
        return self._both(replaced) if serving else self._fit_only(replaced)

    def _inherit(self, old: ast.stmt, new: ast.stmt) -> None:
        for attribute in ("cell", "lead", "trail", "via", "helper"):
            if hasattr(old, attribute):
                setattr(new, attribute, getattr(old, attribute))
        for part in walk(new):
            if isinstance(part, ast.Name) and id(part) not in self.flow.vals:
                pass

    def _constructor(self, node: ast.stmt) -> None:
        if (
            isinstance(node, ast.Assign)
            and len(node.targets) == 1
            and isinstance(node.targets[0], ast.Name)
        ):
            name, value = node.targets[0].id, node.value
            simple = isinstance(value, ast.Call) and self.flow.val(value).kind == "estimator"
            if (
                simple
                and not any(
                    isinstance(n, ast.Name) and self.flow.val(n).role not in ("func", "module")
                    for n in walk(value)
                )
                and len(ast.dump(value)) < 1500
            ):
                self.rewriter.constructors[name] = value
            else:
                self.rewriter.constructors.pop(name, None)
            self.rewriter.names.pop(name, None) if simple else None

    # -- compound ------------------------------------------------------------------------------------------
    def _compound(self, node: ast.stmt, mark: Mark) -> list[ast.stmt]:
        serving = mark.serve if self.mode == "fit" else mark.label
        if not serving:
            if self.mode != "fit":
                for name in mark.store:
                    self._capture_known(name)
                return []
            pruned = self._pruned(node)
            if pruned is None:
                return []
            body: list[ast.stmt] = [_map(self.rewriter, pruned)]
            for name in sorted(mark.store):
                self.rewriter.names.pop(name, None)
            body = [_map(self.rewriter, pruned)]
            for name in sorted(mark.store):
                body.extend(self._capture(name, node))
            return self._finish(node, [_guard(body, [], node)])
        if isinstance(node, ast.For):
            return self._for(node)
        if isinstance(node, ast.If):
            return self._if(node)
        new = copy.copy(node)
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(node, name, None)
            if inner and isinstance(inner[0], ast.stmt):
                setattr(new, name, merge_guards(self._block(inner)[0]) or [ast.Pass()])
        if isinstance(node, ast.Try):
            new.handlers = [  # type: ignore[attr-defined]
                ast.ExceptHandler(
                    h.type, h.name, merge_guards(self._block(h.body)[0]) or [ast.Pass()]
                )
                for h in node.handlers
            ]
        return self._finish(node, [new])

    def _capture_known(self, name: str) -> None:
        return None

    def _pruned(self, node: ast.stmt) -> ast.stmt | None:
        """A training-only block without the statements nothing needs."""
        mark = self.slices.marks.get(id(node))
        if mark is None or not mark.kept:
            return None
        new = copy.copy(node)
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(node, name, None)
            if inner and isinstance(inner[0], ast.stmt):
                kept = [p for s in inner if (p := self._pruned(s)) is not None]
                setattr(new, name, kept or ([ast.Pass()] if name == "body" else []))
        return new

    def _for(self, node: ast.For) -> list[ast.stmt]:
        rewriter = self.rewriter
        iterable = rewriter.serve(node.iter)
        before = self._flush()
        rows = self.flow.val(node.iter)
        names = [n.id for n in walk(node.target) if isinstance(n, ast.Name)]
        if rows.kind == "enumerate" and len(names) > 1:
            names = names[1:]
        elif rows.kind == "items" or (
            isinstance(node.iter, ast.Call)
            and ast.unparse(node.iter.func).endswith((".items", ".iteritems"))
        ):
            names = names[:1]
        if rows.is_row and rows.elems is None and rows.kind != "frame":
            self._row_loop(node)
        saved_names = dict(rewriter.names)
        for name in names:
            rewriter.names.pop(name, None)
        rewriter.keys.extend(names)
        body, _ = self._block(node.body)
        del rewriter.keys[len(rewriter.keys) - len(names) :]
        rewriter.names = {**rewriter.names, **saved_names}
        new = ast.For(node.target, iterable, merge_guards(body) or [ast.Pass()], [])
        return [*before, *self._finish(node, [new])]

    def _row_loop(self, node: ast.For) -> None:
        at = origin(node)
        what = "a loop over rows is assumed to use each row by itself"
        self.learned.assumptions[(at.cell, at.line, what)] = {
            "cell": at.cell, "line": at.line, "what": what, "source": ast.unparse(node).split("\n")[0],
        }  # fmt: skip

    def _if(self, node: ast.If) -> list[ast.stmt]:
        val = self.flow.val(node.test)
        if val.is_row or (val.role == "elem" and not self.rewriter.keys):
            self.learned.findings.append(
                Finding(
                    "E-DYNAMIC-BRANCH",
                    f"if {ast.unparse(node.test)[:60]}: the branch depends on the rows of the request",
                    origin(node),
                    ast.unparse(node.test)[:200],
                    "use a mask: df.loc[condition, column] = ...",
                )
            )
        test = self.rewriter.serve(node.test)
        before = self._flush()
        body, _ = self._block(node.body)
        orelse, _ = self._block(node.orelse)
        new = ast.If(test, merge_guards(body) or [ast.Pass()], merge_guards(orelse))
        return [*before, *self._finish(node, [new])]

    # -- helpers of the notebook ---------------------------------------------------------------------------
    def _find_helpers(self) -> None:
        serve = self._live_everywhere()
        self._serve_names, self._label_names = serve
        for name, definition in self.flow.functions.items():
            mark = self.slices.marks.get(id(definition))
            if mark is None or not mark.kept:
                continue
            bound = {a.arg for a in definition.args.args}
            bound |= {
                n.id
                for n in walk(definition)
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
            free = {
                n.id
                for n in walk(definition)
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
            } - bound
            learned = sorted(
                n for n in free
                if self.flow.final.get(n) is not None and self.flow.final[n].role in ("stat", "row")
                and self.flow.final[n].fn is None
            )  # fmt: skip
            if learned:
                self.rewriter.functions_state[name] = learned
                self.out.helper_state[name] = learned

    def _partial_columns(self) -> set[str]:
        """Columns that some statement makes which serving leaves out."""
        made: set[str] = set()
        for statement in walk(ast.Module(self.flow.body, [])):
            if not isinstance(statement, ast.stmt) or isinstance(
                statement, (ast.FunctionDef, ast.ClassDef)
            ):
                continue
            mark = self.slices.marks.get(id(statement), Mark())
            if mark.serve if self.mode == "fit" else mark.label:
                continue
            for effect in effects(self.flow, statement):
                if effect.kind == "column" and effect.columns:
                    made |= set(effect.columns)
        return made

    def _live_everywhere(self) -> tuple[set[str], set[str]]:
        """Names that are read on the serving and on the label path."""
        serve: set[str] = set()
        label: set[str] = set()
        for statement in walk(ast.Module(self.flow.body, [])):
            mark = self.slices.marks.get(id(statement))
            if mark is None or not isinstance(statement, ast.stmt):
                continue
            reads = {
                n.id
                for n in walk(statement)
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
            }
            if mark.serve:
                serve |= reads
            if mark.label:
                label |= reads
        serve |= {n.id for n in walk(self.sink.x) if isinstance(n, ast.Name)}
        if self.sink.y is not None:
            label |= {n.id for n in walk(self.sink.y) if isinstance(n, ast.Name)}
        return serve, label

    def live_names(self, node: ast.stmt) -> set[str]:
        """Names that some kept statement or the fit reads."""
        reads: set[str] = set(self.slices.extras)
        for statement in walk(ast.Module(self.flow.body, [])):
            mark = self.slices.marks.get(id(statement))
            if (
                isinstance(statement, ast.stmt)
                and mark is not None
                and mark.kept
                and statement is not node
            ):
                reads |= {n.id for n in walk(statement) if isinstance(n, ast.Name)}
        for part in (self.sink.x, self.sink.y):
            if part is not None:
                reads |= {n.id for n in walk(part) if isinstance(n, ast.Name)}
        return reads

    def _helper(self, node: ast.FunctionDef | ast.ClassDef) -> None:
        if node not in self.out.helpers:
            self.out.helpers.append(node)

    # -- finishing -----------------------------------------------------------------------------------------
    def _flush(self) -> list[ast.stmt]:
        """Return the pending learn lines under the flag."""
        lines, self.rewriter.before = self.rewriter.before, []
        if not lines or self.mode == "label":
            return []
        return [_guard(lines, [], None)]

    def _finish(self, node: ast.stmt, new: list[ast.stmt]) -> list[ast.stmt]:
        out = [*self._flush(), *new]
        for index, statement in enumerate(out):
            ast.copy_location(statement, node)
            statement.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
            statement.lead = getattr(node, "lead", []) if index == 0 else []  # type: ignore[attr-defined]
            statement.trail = getattr(node, "trail", "") if index == len(out) - 1 else ""  # type: ignore[attr-defined]
            statement.helper = getattr(node, "helper", "")  # type: ignore[attr-defined]
            statement.via = getattr(node, "via", None)  # type: ignore[attr-defined]
        return out


class _Sources(ast.NodeTransformer):
    def __init__(self, flow: Flow) -> None:
        self.flow = flow

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return self._replace(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return self._replace(node)

    def _replace(self, node: ast.expr) -> ast.AST:
        if self.flow.rule(node) == "source":
            name = getattr(node, "source_name", "")
            new = ast.copy_location(ast.Name(name, ast.Load()), node)
            new.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
            self.flow.vals[id(new)] = self.flow.val(node)
            return new
        return self.generic_visit(node)


def _copy_tree(node: ast.stmt, flow: Flow) -> ast.stmt:
    """Copy a statement together with what is known about its expressions."""
    memo: dict[int, object] = {}
    new = copy.deepcopy(node, memo)
    for old in walk(node):
        twin = memo.get(id(old))
        if twin is None:
            continue
        twin.twin = id(old)  # type: ignore[attr-defined]
        if id(old) in flow.vals:
            flow.vals[id(twin)] = flow.vals[id(old)]
        if id(old) in flow.rules:
            flow.rules[id(twin)] = flow.rules[id(old)]
        if id(old) in flow.assumed:
            flow.assumed[id(twin)] = flow.assumed[id(old)]
        for name, call in flow.sources.items():
            if call is old:
                twin.source_name = name  # type: ignore[attr-defined]
    flow.copies.append(new)
    return new


def _store(access: ast.expr) -> ast.expr:
    new = copy.deepcopy(access)
    new.ctx = ast.Store()  # type: ignore[attr-defined]
    return new


def _lazy(node: ast.expr) -> bool:
    """Iterators and column views must be materialised to be kept."""
    return (
        isinstance(node, ast.GeneratorExp)
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("zip", "map", "filter")
        )
        or (isinstance(node, ast.Attribute) and node.attr == "columns")
    )


def _same(target: ast.AST, value: ast.AST) -> bool:
    return isinstance(target, ast.Name) and isinstance(value, ast.Name) and target.id == value.id


def _guard(body: list[ast.stmt], orelse: list[ast.stmt], node: ast.stmt | None) -> ast.If:
    new = ast.If(ast.Name(FITTING, ast.Load()), body, orelse)
    new.guard = True  # type: ignore[attr-defined]
    for statement in [*body, *orelse]:
        if node is not None and not hasattr(statement, "cell"):
            statement.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
    return new


def _map(rewriter: Rewriter, node: ast.stmt) -> ast.stmt:
    from nbprod.split.rewrite import _NameMap

    return _NameMap(rewriter.names).visit(copy.deepcopy(node))  # type: ignore[no-any-return]


def serving_only(body: list[ast.stmt]) -> list[ast.stmt]:
    """Drop what happens only while fitting."""
    out: list[ast.stmt] = []
    for node in body:
        if getattr(node, "guard", False):
            assert isinstance(node, ast.If)
            out.extend(serving_only(node.orelse))
            continue
        for name in ("body", "orelse"):
            inner = getattr(node, name, None)
            if (
                inner
                and isinstance(inner[0], ast.stmt)
                and not isinstance(node, (ast.FunctionDef, ast.ClassDef))
            ):
                setattr(node, name, serving_only(inner) or ([ast.Pass()] if name == "body" else []))
        out.append(node)
    return out


def merge_guards(body: list[ast.stmt]) -> list[ast.stmt]:
    """Join neighbouring ``if fitting:`` blocks that have no ``else``."""
    out: list[ast.stmt] = []
    for node in body:
        last = out[-1] if out else None
        if (
            isinstance(node, ast.If)
            and isinstance(last, ast.If)
            and getattr(node, "guard", False)
            and getattr(last, "guard", False)
            and not last.orelse
            and not (node.orelse and getattr(node, "lead", []))
        ):
            if node.body and getattr(node, "lead", []):
                node.body[0].lead = [*getattr(node, "lead", [])]  # type: ignore[attr-defined]
            last.body.extend(node.body)
            last.orelse = node.orelse
            continue
        out.append(node)
    return out


__all__ = ["FIT_ONLY", "Emitted", "Emitter", "base_name", "merge_guards", "serving_only"]
