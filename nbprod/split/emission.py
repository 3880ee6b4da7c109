"""Emit the kept statements in program order: one body with a ``fitting`` flag."""

from __future__ import annotations

import ast

from nbprod.flow.scope import keyword, literal
from nbprod.flow.tree import holds, shallow
from nbprod.split.compounds import Compounds
from nbprod.split.emitted import Emitted
from nbprod.split.guards import guard, merge_guards, serving_only


class Emitter(Compounds):
    """Turn marked statements into statements of the generated package."""

    def run(self) -> Emitted:
        """Emit everything before the fit."""
        self._find_helpers()
        self.rewriter.partial = self._partial_columns()
        self.rewriter.for_label = self.mode != "fit"
        body = self._block(self.flow.body)[0]
        self.out.body = merge_guards(body if self.mode == "fit" else serving_only(body))
        self.out.names = dict(self.rewriter.names)
        if self.mode == "fit":
            self._features()
            self.out.names = {**self.rewriter.snapshots, **self.out.names}
        self.out.body = merge_guards(self.out.body)
        if self.sink.y is not None:
            self.rewriter.for_label = True
            chosen = self.mode != "fit" and self.rewriter.selects(self.sink.y)
            self.out.y = (self.rewriter.serve if chosen else self.rewriter.fit)(self.sink.y)
        return self.out

    def _features(self) -> None:
        """Emit what is handed to the fit."""
        selects = self.rewriter.selects(self.sink.x)
        self.out.x = None if selects else self.rewriter.serve(self.sink.x)
        if self.out.x is None:
            self.out.body.extend(self._selection("X", self.sink.x))
            self.out.x = ast.Name("X", ast.Load())
        self.out.body.extend(self._flush())

    def _selection(self, name: str, node: ast.expr) -> list[ast.stmt]:
        target = ast.Name(name, ast.Store())
        fit = ast.Assign([target], self.rewriter.fit(node))
        serve = ast.Assign([target], self.rewriter.serve(node))
        return [*self._flush(), guard([fit], [serve], self.sink.statement)]

    def _block(self, body: list[ast.stmt]) -> tuple[list[ast.stmt], bool]:
        out: list[ast.stmt] = []
        for node in body:
            if node is self.sink.statement:
                return out, True
            if holds(node, self.sink.statement):
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
                and any(holds(s, self.sink.statement) for s in inner)
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
        if self._is_global(node):
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
        return self._finish(node, [shallow(node)])


__all__ = ["Emitted", "Emitter"]
