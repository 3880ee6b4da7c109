"""Statements that read data, and constructions of estimators."""

from __future__ import annotations

import ast

from nbprod.flow.comments import COMMENTS
from nbprod.flow.tree import own_expressions, walk
from nbprod.split.copies import Sources, copy_tree, same_name
from nbprod.split.guards import guard
from nbprod.split.learning import Learning
from nbprod.split.marks import Mark


class Reading(Learning):
    """Emit reading statements: the read itself moves to ``data.py``."""

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
        replaced = Sources(self.flow).visit(copy_tree(node, self.flow))
        if (
            isinstance(replaced, ast.Assign)
            and len(replaced.targets) == 1
            and same_name(replaced.targets[0], replaced.value)
        ):
            return self._reference(node, mark)
        self._inherit(node, replaced)
        if mark.store:
            return self._store(replaced, mark, serving)
        return self._both(replaced) if serving else self._fit_only(replaced)

    def _reference(self, node: ast.stmt, mark: Mark) -> list[ast.stmt]:
        """A table that the path looks values up in is learned: a request brings its row alone."""
        kept = [line for name in sorted(mark.store) for line in self._capture(name, node)]
        return self._finish(node, [guard(kept, [], node)]) if kept and self.mode == "fit" else []

    def _inherit(self, old: ast.stmt, new: ast.stmt) -> None:
        for attribute in ("cell", *COMMENTS, "via", "helper"):
            if hasattr(old, attribute):
                setattr(new, attribute, getattr(old, attribute))

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
