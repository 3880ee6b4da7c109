"""What a variable is after something was assigned to it, or to a place inside it."""

from __future__ import annotations

import ast

from nbprod.flow.calls import Calls
from nbprod.flow.scope import base_name
from nbprod.flow.values import CONST, Val, join


class Binding(Calls):
    """Assign abstract values to targets."""

    def bind(self, target: ast.AST, val: Val) -> None:
        """Assign an abstract value to a target."""
        if isinstance(target, ast.Name):
            self.env[target.id] = val
            self.flow.vals[id(target)] = val
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target, val)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, val)
        else:
            self._store_inside(target, val)

    def _unpack(self, target: ast.Tuple | ast.List, val: Val) -> None:
        count = len(target.elts)
        if val.kind == "folds":
            for part in target.elts:
                self.bind(part, Val("row", "index", None, val.sources))
        elif val.kind == "enumerate":
            inner = self.element(
                val.with_(kind="list" if val.elems or val.kind != "frame" else val.kind)
            )
            self.bind(target.elts[0], Val("const", "scalar"))
            for part in target.elts[1:]:
                self.bind(part, inner)
        elif val.kind == "items" and val.elems:
            self.bind(target.elts[0], Val("const", "scalar"))
            for part in target.elts[1:]:
                self.bind(part, join(*val.elems) if len(val.elems) > 1 else val.elems[0])
        elif val.elems is not None and len(val.elems) == count:
            for part, item in zip(target.elts, val.elems, strict=True):
                self.bind(part, item)
        else:
            item = val.with_(elems=None, known=False, literal=None)
            if val.kind == "tuple":
                item = item.with_(kind="any")
            for part in target.elts:
                self.bind(part, item)

    def _store_inside(self, target: ast.AST, val: Val) -> None:
        assert isinstance(target, (ast.Subscript, ast.Attribute))
        base = self.ev(target.value)
        if isinstance(target, ast.Subscript):
            self.ev(target.slice)
        name = base_name(target)
        if name is None:
            return
        old = self.env.get(name, CONST)
        if old.is_row and isinstance(target, ast.Attribute) and target.attr == "index":
            same = val.is_row and (val.kind == "index" or val.qual == "values")
            axis = val.axis if same else self.axis(old.axis, "set_index", False)
            self.env[name] = old.with_(axis=axis)
        elif old.is_row:
            self.env[name] = old.with_(sources=old.sources | val.sources, known=False)
        elif (
            val.is_row
            and base.kind in ("frame", "any")
            and isinstance(target, ast.Subscript)
            and old.kind != "dict"
        ):
            self.env[name] = Val("row", "frame", val.axis, old.sources | val.sources)
        elif val.role in ("stat", "row"):
            self.env[name] = Val(
                "stat", old.kind, sources=old.sources | val.sources, fitted=old.fitted
            )
        elif old.known:
            self.env[name] = old.with_(known=False, literal=None, elems=None, keys=None)
