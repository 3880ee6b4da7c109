"""What is learned while fitting, and read from the state afterwards: statistics, fitted estimators, whole tables."""

from __future__ import annotations

import ast
import copy

from nbprod.findings import Finding
from nbprod.flow.estimators import class_name
from nbprod.flow.program import origin
from nbprod.flow.tree import walk
from nbprod.flow.values import Val
from nbprod.split.kinds import classify
from nbprod.split.learn_sites import LearnSites
from nbprod.split.names import NameMap
from nbprod.split.naming import describe


class Statistics(LearnSites):
    """Learn values where expressions stand for one."""

    def fit(self, node: ast.expr) -> ast.expr:
        """Return the fitting form: the notebook's own expression, learned variables read from the state."""
        if not any(isinstance(n, ast.Name) and n.id in self.names for n in walk(node)):
            return node
        return NameMap(self.names).visit(copy.deepcopy(node))  # type: ignore[no-any-return]

    def _snapshot(self, node: ast.Name) -> ast.expr:
        at = origin(node)
        self.learned.findings.append(
            Finding(
                "W-SNAPSHOT",
                f"a row function looks into the whole table {node.id}; the training rows are kept with the model for it",
                at,
                advice="replace the lookup by a group statistic and a map",
            )
        )
        outer, self.bound = self.bound, []
        access = self.learn(
            f"{node.id}_snapshot",
            ast.Call(ast.Attribute(node, "copy", ast.Load()), [], []),
            node,
            "snapshot",
            "pd.DataFrame",
            "frame",
        )
        self.bound = outer
        return access

    def _statistic(self, node: ast.expr, val: Val) -> ast.expr:
        if self.flow.rule(node) == "fit" and isinstance(node, ast.Call):
            return self._fitted(node)
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in self.names
        ):
            inner = self.flow.val(node.value)
            if inner.kind in ("estimator", "model"):
                return ast.Attribute(
                    copy.deepcopy(self.names[node.value.id]), node.attr, ast.Load()
                )
        outer, self.bound = self.bound, []
        expression = self.fit(node)
        kind, annotation, codec = classify(node, val)
        if codec == "list":
            expression, codec = ast.Call(ast.Name("list", ast.Load()), [expression], []), "json"
        access = self.learn(describe(node), expression, node, kind, annotation, codec)
        self.bound = outer
        return access

    def _fitted(self, node: ast.Call) -> ast.expr:
        assert isinstance(node.func, ast.Attribute)
        cls = class_name(self.flow.val(node.func.value).qual) or "estimator"
        return self.learn(cls, self.fit_estimator(node), node, "estimator", "Any", "estimator")

    def fit_estimator(self, call: ast.Call, arguments: list[ast.expr] | None = None) -> ast.expr:
        """Return ``Constructor(...).fit(X)`` for a fit call on a fresh copy of its estimator."""
        assert isinstance(call.func, ast.Attribute)
        receiver = call.func.value
        made: ast.expr
        if isinstance(receiver, ast.Name) and receiver.id in self.constructors:
            made = copy.deepcopy(self.constructors[receiver.id])
        elif isinstance(receiver, ast.Name):
            self.learned.imports.add(("copy", "deepcopy"))
            made = ast.Call(ast.Name("deepcopy", ast.Load()), [self.fit(receiver)], [])
        else:
            made = self.fit(receiver)
        args = [self.fit(a) for a in call.args] if arguments is None else arguments
        keywords = [ast.keyword(k.arg, self.fit(k.value)) for k in call.keywords]
        return ast.Call(ast.Attribute(made, "fit", ast.Load()), args, keywords)
