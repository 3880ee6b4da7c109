"""Assignments: of columns, of tables, of the parts of a split."""

from __future__ import annotations

import ast

from nbprod.flow.estimators import class_name
from nbprod.flow.scope import keyword
from nbprod.flow.tree import shallow, walk
from nbprod.knowledge import estimators
from nbprod.split.copies import same_name, stored
from nbprod.split.guards import guard
from nbprod.split.in_place import InPlace
from nbprod.split.routing import is_routed


class Assignments(InPlace):
    """Emit assignments in both modes."""

    def _assign(self, node: ast.Assign) -> list[ast.stmt]:
        rewriter = self.rewriter
        rule = self.flow.rule(node.value)
        target = node.targets[0]
        if isinstance(target, (ast.Tuple, ast.List)) and rule in ("split", "resample"):
            return self._split(node, target)
        if self._rounds(node.value):
            return self._fit_transform(node)
        rewriter.routed = is_routed(self.flow, node)
        if any(isinstance(t, (ast.Subscript, ast.Attribute)) for t in node.targets):
            if not all(isinstance(t, ast.Attribute) and t.attr == "index" for t in node.targets):
                self._refuse_reordered(node.value)
        try:
            if rewriter.selects(node.value):
                fit: ast.stmt = ast.Assign(node.targets, self._copied(node.value))
                serve = ast.Assign(node.targets, rewriter.serve(node.value))
                same = len(node.targets) == 1 and same_name(target, serve.value)
                if self.mode == "label":
                    return [] if same else self._finish(node, [serve])
                return self._finish(node, [guard([fit], [] if same else [serve], node)])
            value = rewriter.serve(node.value)
            if (
                isinstance(target, ast.Tuple)
                and isinstance(value, ast.Tuple)
                and len(target.elts) == len(value.elts)
            ):
                kept: list[ast.stmt] = []
                for part, made in zip(target.elts, value.elts, strict=True):
                    if isinstance(part, ast.Name) and self.flow.val(part).role == "stat":
                        rewriter.names[part.id] = made
                    else:
                        kept.append(ast.Assign([self._serve_target(part)], made))
                return self._finish(node, kept)
            targets = [self._serve_target(t) for t in node.targets]
            for item in node.targets:
                if isinstance(item, ast.Name):
                    rewriter.names.pop(item.id, None)
            return self._finish(node, [ast.Assign(targets, value)])
        finally:
            rewriter.routed = False

    def _refuse_reordered(self, node: ast.expr) -> None:
        """Rows in another order, or the first few of them, are no column of each row."""
        parts = list(walk(node))
        labels = {
            id(inner)
            for part in parts
            if isinstance(part, ast.Call) and (index := keyword(part, "index")) is not None
            for inner in walk(index)
        }
        for part in parts:
            rule = self.flow.rule(part)
            if id(part) not in labels and self._reads_labels(part):
                self.rewriter.refuse(part, "cross")
            method = (
                part.func.attr
                if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute)
                else ""
            )
            if self.flow.val(part).role == "stat":
                if isinstance(part, ast.Call) and _counts_rows(part):
                    self.rewriter.refuse(part, "cross")
                continue
            if rule == "reorder" or (
                rule == "filter" and method in ("sample", "head", "tail", "nlargest", "nsmallest")
            ):
                self.rewriter.refuse(part, "cross")

    def _reads_labels(self, node: ast.AST) -> bool:
        """Say whether row labels become values; those that ``set_index`` made of a column may."""
        if not isinstance(node, ast.Attribute) or node.attr != "index":
            return False
        val = self.flow.val(node)
        if not val.is_row or val.kind != "index":
            return False
        axis = val.axis
        while axis is not None:
            if self.flow.axes[axis].how == "set_index":
                return False
            axis = self.flow.axes[axis].parent
        return True

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
        learn = ast.Assign([stored(access)], made.func.value)
        fit = ast.Assign(node.targets, fitted)
        serve = ast.Assign(node.targets, replayed)
        if self.mode == "label":
            return self._finish(node, [serve])
        return self._finish(node, [guard([learn, fit], [serve], node)])

    def _copied(self, node: ast.expr) -> ast.expr:
        """Rows chosen by a mask are a copy already; saying so keeps pandas from warning later."""
        value = self.rewriter.fit(node)
        if not isinstance(node, ast.Subscript) or self.flow.rule(node) != "filter":
            return value
        if self.flow.val(node).kind == "frame" and self.flow.val(node.slice).is_row:
            return ast.Call(ast.Attribute(value, "copy", ast.Load()), [], [])
        return value

    def _serve_target(self, target: ast.expr) -> ast.expr:
        if isinstance(target, ast.Subscript):
            new = shallow(target)
            routed, self.rewriter.routed = self.rewriter.routed, True
            new.slice = self.rewriter.serve(target.slice)
            if isinstance(target.value, ast.Subscript):
                inner = shallow(target.value)
                inner.slice = self.rewriter.serve(target.value.slice)
                new.value = inner
            self.rewriter.routed = routed
            return new
        return target


def _counts_rows(call: ast.Call) -> bool:
    """Say whether a call numbers the rows of a table, as ``range(len(df))`` does."""
    return ast.unparse(call.func).rsplit(".", 1)[-1] in ("range", "arange", "linspace")
