"""Rewrite expressions so that one body serves both fitting and serving.

A learned value becomes ``state.<name>``, filled in by a line under ``if fitting:`` right before the
statement that uses it. A training-only row selection disappears from the serving form.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable

from nbprod.findings import Origin
from nbprod.flow.scope import keyword
from nbprod.flow.tree import children, shallow, walk
from nbprod.flow.values import Val
from nbprod.split.learn_sites import REFUSED
from nbprod.split.learned import Learned
from nbprod.split.names import identity
from nbprod.split.statistics import Statistics

FIT_ONLY = ("filter", "reorder", "split", "resample", "concat")
ONCE = (
    "enumerate",
    "zip",
    "map",
    "filter",
    "reversed",
    "iter",
)  # what they give is used up by a loop
VIEWS = ("items", "iteritems", "keys", "values")


class Rewriter(Statistics):
    """Rewrite the expressions of one program, in program order."""

    # -- questions -----------------------------------------------------------------------------------
    def selects(self, node: ast.AST) -> bool:
        """Say whether an expression contains a training-only row operation on the serving path."""
        val = self.flow.val(node)
        if isinstance(node, ast.expr) and val.role == "stat":
            return False
        rule = self.flow.rule(node)
        if isinstance(node, (ast.Lambda,)):
            return False
        if rule in FIT_ONLY and not self.routed:
            return True
        if rule == "merge":
            return False
        below: list[ast.AST] = []
        children(node, below)
        return any(self.selects(part) for part in below)

    # -- expressions ---------------------------------------------------------------------------------
    def both(self, node: ast.expr) -> ast.expr:
        """Return the form used while fitting and while serving."""
        return self._rewrite(node, "serve")

    def serve(self, node: ast.expr) -> ast.expr:
        """Return the serving form: no training-only row operations."""
        return self._rewrite(node, "serve")

    def _rewrite(self, node: ast.expr, mode: str) -> ast.expr:
        val = self.flow.val(node)
        rule = self.flow.rule(node)
        if isinstance(node, ast.Lambda):
            return self._lambda(node)
        if isinstance(node, ast.Name):
            return self._name(node, val)
        if rule == "source":
            return node
        if isinstance(node, ast.Slice) or (
            isinstance(node, ast.Tuple) and any(isinstance(e, ast.Slice) for e in node.elts)
        ):
            return self._children(node, mode)
        if val.role == "stat" and not self._inner(node) and self._is_used_up(node):
            return self._walk_again(node, mode)
        if val.role == "stat" and not self._inner(node):
            clock = next((n for n in walk(node) if self.flow.rule(n) == "clock"), None)
            if isinstance(clock, ast.expr):
                self._clock(clock)
            return self._statistic(node, val)
        if rule in FIT_ONLY and not self.routed:
            return self._without_selection(node, rule, mode)
        if rule == "cross" and self.for_label:
            self.across_rows(node)
        elif rule in REFUSED:
            self.refuse(node, rule)
        if rule.startswith("fused:"):
            handler = fused(rule[6:])
            if handler is not None:
                return handler(self, node)
        if rule == "columns":
            handler = fused("columns_callback")
            assert handler is not None
            return handler(self, node)
        if id(node) in self.flow.assumed:
            self._assume(node)
        if rule == "merge":
            return self._merge(node, mode)
        if isinstance(node, ast.Call) and self.drops_partial(node):
            new = self._children(node, mode)
            assert isinstance(new, ast.Call)
            new.keywords = [*new.keywords, ast.keyword("errors", ast.Constant("ignore"))]
            return new
        if isinstance(node, ast.Call) and self.routed and self._asks_an_estimator(node):
            return self._guarded(node, mode)
        return self._children(node, mode)

    def _walk_again(self, node: ast.expr, mode: str) -> ast.expr:
        """Return the walk through what is learned; variables are stored where they are walked through."""
        assert isinstance(node, ast.Call)
        new = shallow(node)
        new.args = [self._kept(argument, mode) for argument in node.args]
        if isinstance(node.func, ast.Attribute):
            new.func = ast.Attribute(self._kept(node.func.value, mode), node.func.attr, ast.Load())
        return new

    def _kept(self, node: ast.expr, mode: str) -> ast.expr:
        val = self.flow.val(node)
        if isinstance(node, ast.Name) and val.role == "stat" and node.id not in self.names:
            return self._statistic(node, val)
        return self._rewrite(node, mode)

    def _is_used_up(self, node: ast.expr) -> bool:
        """Say whether an expression gives an iterator or a view: what it goes through is learned, not the walk itself.

        The columns of a table that is walked through itself are learned as a whole.
        """
        if not isinstance(node, ast.Call) or node.keywords:
            return False
        if any(isinstance(a, ast.Starred) or self.flow.val(a).is_row for a in node.args):
            return False
        if isinstance(node.func, ast.Attribute):
            if self.flow.val(node.func.value).is_row:
                return False
            return node.func.attr in VIEWS and not node.args
        return isinstance(node.func, ast.Name) and self.flow.val(node.func).qual in (
            f"builtins.{name}" for name in ONCE
        )

    def drops_partial(self, node: ast.Call) -> bool:
        """Say whether a ``drop`` names columns that exist in training only."""
        if not (isinstance(node.func, ast.Attribute) and node.func.attr == "drop"):
            return False
        if keyword(node, "errors") is not None or not self.partial:
            return False
        names = {
            n.value for n in walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)
        }
        for part in walk(node):
            val = self.flow.val(part)
            if isinstance(part, ast.Name) and val.known:
                found = val.literal if isinstance(val.literal, (list, tuple)) else [val.literal]
                names |= {v for v in found if isinstance(v, str)}
        return bool(names & self.partial)

    def _children(self, node: ast.expr, mode: str) -> ast.expr:
        new = shallow(node)
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                setattr(new, name, self._rewrite(value, mode))
            elif isinstance(value, list):
                setattr(new, name, [self._item(item, mode) for item in value])
            elif isinstance(value, ast.AST) and not isinstance(
                value, (ast.expr_context, ast.operator, ast.cmpop)
            ):
                setattr(new, name, self._item(value, mode))
        return _element(new)

    def _item(self, item: object, mode: str) -> object:
        if isinstance(item, ast.expr):
            return self._rewrite(item, mode)
        if isinstance(item, ast.keyword):
            return ast.keyword(item.arg, self._rewrite(item.value, mode))
        if isinstance(item, ast.comprehension):
            new = shallow(item)
            bound = {n.id for n in walk(item.target) if isinstance(n, ast.Name)}
            new.iter = self._rewrite(item.iter, mode)
            self.bound.append(bound)
            new.ifs = [self._rewrite(test, mode) for test in item.ifs]
            self.bound.pop()
            return new
        return item

    def _inner(self, node: ast.expr) -> bool:
        """Say whether a learned expression depends on a variable of an enclosing lambda or comprehension."""
        bound = set().union(*self.bound) if self.bound else set()
        return bool(bound) and any(isinstance(n, ast.Name) and n.id in bound for n in walk(node))

    def _name(self, node: ast.Name, val: Val) -> ast.expr:
        if any(node.id in names for names in self.bound):
            return node
        if node.id in self.names:
            return copy.deepcopy(self.names[node.id])
        if val.fn is not None and node.id in self.functions_state:
            for name in self.functions_state[node.id]:
                if name not in self.names and self.flow.final[name].is_row:
                    self.snapshots[name] = self._snapshot(_same_place(name, node))
            self.learned.imports.add(("functools", "partial"))
            return ast.Call(
                ast.Name("partial", ast.Load()),
                [node],
                [ast.keyword("state", ast.Name("state", ast.Load()))],
            )
        if val.is_row and self.bound and val.kind == "frame":
            return self._snapshot(node)
        return node

    def _lambda(self, node: ast.Lambda) -> ast.expr:
        new = shallow(node)
        self.bound.append({a.arg for a in [*node.args.args, *node.args.kwonlyargs]})
        new.body = self._rewrite(node.body, "serve")
        self.bound.pop()
        return new

    def _asks_an_estimator(self, node: ast.Call) -> bool:
        """Say whether a call is ``predict`` or ``transform`` of something that is no table itself."""
        return (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in ("predict", "transform", "predict_proba")
            and not self.flow.val(node.func.value).is_row
        )

    def _guarded(self, node: ast.Call, mode: str) -> ast.expr:
        """A routed prediction must answer for no rows at all."""
        self.learned.runtime.add("predict_rows")
        assert isinstance(node.func, ast.Attribute)
        estimator = self._rewrite(node.func.value, mode)
        return ast.Call(
            ast.Name("predict_rows", ast.Load()),
            [
                ast.Attribute(estimator, node.func.attr, ast.Load()),
                *[self._rewrite(a, mode) for a in node.args],
            ],
            [],
        )

    def _merge(self, node: ast.expr, mode: str) -> ast.expr:
        return self._children(node, mode)

    # -- training-only row operations --------------------------------------------------------------------
    def _without_selection(self, node: ast.expr, rule: str, mode: str) -> ast.expr:
        if id(node) in self.flow.assumed:
            self._assume(node)
        if isinstance(node, ast.Subscript):
            base = self.flow.val(node.value)
            if base.kind == "indexer" and isinstance(node.value, ast.Attribute):
                inner = self._rewrite(node.value.value, mode)
                if isinstance(node.slice, ast.Tuple):
                    columns = self._rewrite(node.slice.elts[-1], mode)
                    everything = ast.Slice()
                    key = ast.Tuple([everything, columns], ast.Load())
                    return ast.Subscript(
                        ast.Attribute(inner, node.value.attr, ast.Load()), key, ast.Load()
                    )
                return inner
            if (
                isinstance(node.slice, ast.Tuple)
                and base.kind in ("array", "sparse")
                and len(node.slice.elts) > 1
            ):
                key = ast.Tuple([ast.Slice(), self._rewrite(node.slice.elts[-1], mode)], ast.Load())
                return ast.Subscript(self._rewrite(node.value, mode), key, ast.Load())
            return self._rewrite(node.value, mode)
        assert isinstance(node, ast.Call)
        if rule == "concat":
            parts = node.args[0] if node.args else keyword(node, "objs")
            if isinstance(node.func, ast.Attribute) and self.flow.val(node.func.value).is_row:
                return self._rewrite(node.func.value, mode)
            rows = [p for p in getattr(parts, "elts", []) if self.flow.val(p).is_row]
            if rows:
                return self._rewrite(rows[0], mode)
            return self._children(node, mode)
        if rule == "resample":
            return self._rewrite(node.args[0], mode)
        if isinstance(node.func, ast.Attribute) and self.flow.val(node.func.value).is_row:
            return self._rewrite(node.func.value, mode)
        rows = [a for a in node.args if self.flow.val(a).is_row]
        return self._rewrite(rows[0], mode) if rows else self._children(node, mode)


def _element(node: ast.expr) -> ast.expr:
    """Return the element that ``(codes, uniques)[0]`` chooses; any other expression as it is."""
    if (
        isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Tuple)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, int)
        and 0 <= node.slice.value < len(node.value.elts)
    ):
        return node.value.elts[node.slice.value]
    return node


def _same_place(name: str, node: ast.AST) -> ast.Name:
    """Return a variable as it would be read where ``node`` stands."""
    found = ast.copy_location(ast.Name(name, ast.Load()), node)
    found.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
    found.twin = (identity(node), name)  # type: ignore[attr-defined]
    return found


def fused(name: str) -> Callable[[Rewriter, ast.expr], ast.expr] | None:
    """Return the rule for an operation that learns and applies in one call."""
    from nbprod.split.fused import RULES

    return RULES.get(name)


__all__ = ["Learned", "Origin", "Rewriter", "fused"]
