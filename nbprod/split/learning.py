"""Statements for training alone, and variables that training stores for serving."""

from __future__ import annotations

import ast

from nbprod.flow.values import CONST
from nbprod.split.copies import lazy, same_name, stored, with_names
from nbprod.split.effects import effects
from nbprod.split.guards import guard
from nbprod.split.kinds import classify
from nbprod.split.liveness import Liveness
from nbprod.split.marks import Mark
from nbprod.split.names import identity

RETURN_NOTHING = ("fit_on_texts", "fit_on_sequences", "adapt", "build_vocab")


class Learning(Liveness):
    """Emit what happens only while fitting."""

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
        else:
            new = with_names(self.rewriter, node)
        return self._finish(node, [guard([new], [], node)])

    def _label_only(self, node: ast.stmt) -> list[ast.stmt]:
        """The label is prepared while training; what is learned for it goes to the state too."""
        inner: list[ast.stmt] = []
        self.rewriter.for_label = True
        made = self._both(node)
        self.rewriter.for_label = self.mode != "fit"
        for new in made:
            inner.extend(new.body if getattr(new, "guard", False) else [new])  # type: ignore[attr-defined]
        return self._finish(node, [guard(inner, [], node)]) if inner else []

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
                lines = self._fitting(access, rewriter.fit_estimator(call), call)
                rewriter.names[name] = access
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    rewriter.names[node.targets[0].id] = access
                return self._finish(node, [guard(lines, [], node)])
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
            if lazy(value):
                fit = ast.Call(ast.Name("list", ast.Load()), [fit], [])
            rewriter.names[name] = access
            return self._finish(node, [guard([ast.Assign([stored(access)], fit)], [], node)])
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and serving:
            return self._both(node)
        body = [*self._locals(node, mark), with_names(rewriter, node)]
        for name in sorted(mark.store):
            body.extend(self._capture(name, node))
        return self._finish(node, [guard(body, [], node)])

    def _fitting(self, access: ast.expr, fitted: ast.expr, call: ast.Call) -> list[ast.stmt]:
        """Return the lines that fit an estimator into the state; some fits do not return it."""
        assert isinstance(call.func, ast.Attribute)
        if call.func.attr not in RETURN_NOTHING:
            return [ast.Assign([stored(access)], fitted)]
        assert isinstance(fitted, ast.Call)
        assert isinstance(fitted.func, ast.Attribute)
        learn = ast.Attribute(access, call.func.attr, ast.Load())
        return [
            ast.Assign([stored(access)], fitted.func.value),
            ast.Expr(ast.Call(learn, fitted.args, fitted.keywords)),
        ]

    def _locals(self, node: ast.stmt, mark: Mark) -> list[ast.stmt]:
        """A learned value that a statement changes in place becomes a variable again: what was read before stays."""
        found: list[ast.stmt] = []
        bound = {t.id for t in getattr(node, "targets", []) if isinstance(t, ast.Name)}
        for name in sorted(mark.store):
            access = self.rewriter.names.pop(name, None)
            if access is None or name in bound:
                continue
            kind = self.flow.final.get(name, CONST).kind
            maker = kind if kind in ("list", "dict", "set") else "deepcopy"
            if maker == "deepcopy":
                self.learned.imports.add(("copy", "deepcopy"))
            made = ast.Call(ast.Name(maker, ast.Load()), [access], [])
            found.append(ast.Assign([ast.Name(name, ast.Store())], made))
        return found

    def _label_learned(self, node: ast.stmt) -> list[ast.stmt]:
        return self._both(node)

    def _capture(self, name: str, node: ast.stmt) -> list[ast.stmt]:
        probe = ast.copy_location(ast.Name(name, ast.Load()), node)
        probe.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
        probe.twin = identity(node)  # type: ignore[attr-defined]
        self.flow.vals[id(probe)] = self.flow.final.get(name, self.flow.val(node))
        access = self._declare(name, probe, "statistic")
        self.rewriter.names[name] = access
        return [ast.Assign([stored(access)], ast.Name(name, ast.Load()))]

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
                if not same_name(part, value):
                    serve.append(ast.Assign([part], value))
            keep = not isinstance(part, ast.Name) or part.id in live or part.id == kept_back
            parts.append(part if keep else ast.Name("_", ast.Store()))
        if self.mode == "label":
            return self._finish(node, serve)
        fit = ast.Assign([ast.Tuple(parts, ast.Store())], self.rewriter.fit(call))
        self.out.holdout = kept_back or self.out.holdout
        return self._finish(node, [guard([fit], serve, node)])

    def _kept_back(self, target: ast.Tuple | ast.List, call: ast.Call) -> str:
        """Return the variable with the rows kept back, when their labels still name raw rows."""
        names = [p.id if isinstance(p, ast.Name) else "" for p in target.elts]
        rows = [a for a in call.args if self.flow.val(a).is_row]
        axis = self.flow.val(rows[0]).axis if rows else None
        if axis is None or not self.flow.axes[axis].labelled or len(names) < 2 or not self._serving(names[0], call):  # type: ignore[arg-type]
            return ""
        label = names[3] if len(names) > 3 else ""
        return label if label and label != "_" else names[1]
