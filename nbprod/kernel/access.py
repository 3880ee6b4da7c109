"""Lower names, attributes and items."""

from __future__ import annotations

import ast
import builtins

from nbprod.kernel import rules
from nbprod.kernel.making import NAMES, Making
from nbprod.kernel.values import PLAIN, Kind, Lowered, NotLowered

ACCESSORS = {"str": "texts", "dt": "dates", "cat": "categories"}


class Access(Making):
    """Lower what takes a part of something."""

    def _name(self, node: ast.Name) -> Lowered:
        if node.id in self.kinds:
            return Lowered(node, self.kinds[node.id])
        if node.id == "state":
            return Lowered(node, Kind("state"))
        if node.id in self.functions or node.id == "partial":
            return Lowered(node, Kind("function", node.id))
        if node.id in self.imports:
            return Lowered(node, Kind("module", self.imports[node.id]))
        if node.id.isupper() or hasattr(builtins, node.id):
            return Lowered(node, PLAIN)
        raise NotLowered(f"{node.id} is not known", node)

    def _attribute(self, node: ast.Attribute) -> Lowered:
        base = self.lower(node.value)
        what = base.kind.what
        if what == "state":
            self.learned.add(node.attr)
            return Lowered(node, Kind("learned", self.estimators.get(node.attr, "")))
        if what == "module":
            return self._member(node, f"{base.kind.dtype}.{node.attr}")
        if what == "column" and node.attr in ACCESSORS:
            return Lowered(base.node, Kind(ACCESSORS[node.attr], base.kind.dtype, base.kind.label))
        found = rules.ATTRIBUTES.get((what, node.attr))
        if found is not None:
            return found(self.whole, node, base)
        if what == "frame" and (what, node.attr) not in rules.CALLS:
            return self.item(base, ast.Constant(node.attr))
        if what in ("plain", "learned"):
            return Lowered(ast.Attribute(base.node, node.attr, ast.Load()), base.kind)
        raise NotLowered(f".{node.attr} of a {NAMES.get(what, what)} has no rule", node)

    def _member(self, node: ast.Attribute, qualified: str) -> Lowered:
        found = rules.ATTRIBUTES.get(("function", qualified))
        if found is not None:
            return found(self.whole, node, Lowered(node, Kind("module", qualified)))
        return Lowered(node, Kind("module", qualified))

    def item(self, frame: Lowered, label: ast.expr) -> Lowered:
        """Return one column of a frame."""
        return Lowered(
            ast.Subscript(frame.node, label, ast.Load()),
            Kind("column", "", label, frame.kind.where),
        )

    def _subscript(self, node: ast.Subscript) -> Lowered:
        base = self.lower(node.value)
        found = rules.CALLS.get((base.kind.what, "[]"))
        if found is not None:
            return found(self.whole, _as_call(node), base)
        if base.kind.what in ("plain", "learned"):
            return Lowered(ast.Subscript(base.node, self._index(node.slice), ast.Load()), base.kind)
        raise NotLowered(f"an item of a {base.kind.what}", node)

    def _index(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Slice):
            parts = [
                self.plain(p) if p is not None else None
                for p in (node.lower, node.upper, node.step)
            ]
            return ast.Slice(*parts)
        return self.plain(node)


def _as_call(node: ast.Subscript) -> ast.Call:
    call = ast.Call(node.value, [node.slice], [])
    return ast.copy_location(call, node)


__all__ = ["Access"]
