"""Lower expressions: pandas objects become dicts of columns and arrays, the rest stays as written."""

from __future__ import annotations

import ast

from nbprod.flow.tree import shallow, walk
from nbprod.kernel.access import Access
from nbprod.kernel.calls import Calls
from nbprod.kernel.making import shown
from nbprod.kernel.operators import Operators
from nbprod.kernel.values import PLAIN, Kind, Lowered, NotLowered


class Expressions(Access, Calls, Operators):
    """Lower one expression after the other, knowing what each variable holds."""

    def lower(self, node: ast.expr) -> Lowered:
        """Return the expression on columns.

        Raises:
            NotLowered: there is no rule for a part of it.
        """
        name = f"_{type(node).__name__.lower()}"
        rule = getattr(self, name, None)
        try:
            if rule is None:
                return self._rest(node)
            lowered: Lowered = rule(node)
        except NotLowered as refused:
            if refused.node is None or not hasattr(refused.node, "lineno"):
                refused.node = node
            raise
        return lowered

    def _constant(self, node: ast.Constant) -> Lowered:
        return Lowered(node, PLAIN)

    def _tuple(self, node: ast.Tuple) -> Lowered:
        return Lowered(ast.Tuple([self.plain(e) for e in node.elts], ast.Load()), PLAIN)

    def _list(self, node: ast.List) -> Lowered:
        return Lowered(
            ast.List([self.plain(e) for e in node.elts], ast.Load()), Kind("plain", "list")
        )

    def _listcomp(self, node: ast.ListComp) -> Lowered:
        first = node.generators[0]
        source = self.lower(first.iter)
        if source.kind.what == "column":
            return self._over_values(node, source)
        names = [n.id for n in walk(first.target) if isinstance(n, ast.Name)]
        hidden = {n: self.kinds.get(n) for n in names}
        self.kinds.update(dict.fromkeys(names, PLAIN))
        try:
            if source.kind.what not in ("plain", "learned", "frame"):
                raise NotLowered(f"a comprehension over a {source.kind.what}", node)
            first = ast.comprehension(
                first.target, source.node, [self.plain(i) for i in first.ifs], 0
            )
            if len(node.generators) > 1:
                raise NotLowered("a comprehension over two things", node)
            return Lowered(ast.ListComp(self.plain(node.elt), [first]), Kind("plain", "list"))
        finally:
            for name, kind in hidden.items():
                self.kinds.pop(name, None)
                if kind is not None:
                    self.kinds[name] = kind

    def _over_values(self, node: ast.ListComp, source: Lowered) -> Lowered:
        """``[f(v) for v in df["a"]]``: a column again."""
        first = node.generators[0]
        if len(node.generators) > 1 or first.ifs or not isinstance(first.target, ast.Name):
            raise NotLowered("a comprehension that chooses rows", node)
        element = self.element(node.elt, {first.target.id})
        values = self.vector("values_of", source).node
        made = ast.ListComp(element, [ast.comprehension(first.target, values, [], 0)])
        return self.vector("inferred", made)

    def element(
        self, node: ast.expr, parameters: set[str], rows: frozenset[str] = frozenset()
    ) -> ast.expr:
        """Return the code of a function of one value (or of one row, for parameters in ``rows``)."""
        from nbprod.kernel.elements import lower_element

        return lower_element(self, node, parameters, rows)

    def _lambda(self, node: ast.Lambda) -> Lowered:
        return Lowered(node, Kind("function", "lambda"))

    def _rest(self, node: ast.expr) -> Lowered:
        """Anything else stays as it is, when nothing in it depends on rows."""
        inner = {
            n.id
            for c in walk(node)
            if isinstance(c, ast.comprehension)
            for n in walk(c.target)
            if isinstance(n, ast.Name)
        }
        for part in walk(node):
            if (
                isinstance(part, ast.Name)
                and isinstance(part.ctx, ast.Load)
                and part.id not in inner
            ):
                found = self._name(part)
                if found.kind.what not in ("plain", "learned", "state"):
                    raise NotLowered(f"{shown(node)} has no rule", node)
            if (
                isinstance(part, ast.Attribute)
                and isinstance(part.value, ast.Name)
                and part.value.id == "state"
            ):
                self.learned.add(part.attr)
        return Lowered(shallow(node), PLAIN)


__all__ = ["Expressions"]
