"""Transfer functions for ``table[key]``: columns, chosen rows, items of what was learned."""

from __future__ import annotations

import ast

from nbprod.flow.expressions import Expressions
from nbprod.flow.scope import literal
from nbprod.flow.tree import is_whole_slice
from nbprod.flow.values import Val, join


class Items(Expressions):
    """Evaluate subscripts."""

    def ev_Subscript(self, node: ast.Subscript) -> Val:
        base = self.ev(node.value)
        key = node.slice
        index = self.ev(key)
        if base.kind == "bunch" and isinstance(key, ast.Constant):
            attribute = ast.Attribute(node.value, str(key.value), ast.Load())
            return self._bunch_attribute(attribute, base, str(key.value))
        if base.elems is not None and base.kind in ("list", "tuple"):
            value = literal(key)
            if isinstance(value, int) and -len(base.elems) <= value < len(base.elems):
                return base.elems[value]
            if len(base.elems) == 1 and base.kind == "list":
                return base.elems[0]
            return join(*base.elems)
        if base.kind == "dict" and base.elems is not None and base.keys and index.known:
            if index.literal in base.keys:
                return base.elems[base.keys.index(index.literal)]
        if base.kind == "folds":
            return base
        if not base.is_row:
            joined = join(base, index)
            if base.role == "stat" and index.is_row:
                return Val("row", "series", index.axis, joined.sources)
            if base.role == "const" and index.is_row and base.kind in ("dict", "any", "list"):
                return Val("row", "series", index.axis, joined.sources)
            role = "stat" if "stat" in (base.role, index.role) else joined.role
            several = role == "stat" and (isinstance(key, ast.Slice) or _masks(base, key))
            kind = "list" if several else "any"
            counted = "count" if base.qual == "shape" and literal(key) == 0 else ""
            return Val(role, kind, sources=joined.sources, target=base.target, qual=counted)
        if index.kind == "place" and base.kind in ("series", "list", "array", "index"):
            return Val("elem", "any", base.axis, base.sources)
        if base.kind == "indexer":
            return self._indexer(node, base, key, index)
        if base.kind == "groupby":
            return base
        if base.kind == "accessor":
            return base.with_(kind="series", qual="")
        if base.kind == "frame":
            return self._frame_key(node, base, key, index)
        return self._sequence_key(node, base, key, index)

    def _filter(self, node: ast.AST, base: Val, how: str = "filter", **changes: object) -> Val:
        self.mark(node, how)
        return base.with_(axis=self.axis(base.axis, how), elems=None, **changes)

    def _frame_key(self, node: ast.Subscript, base: Val, key: ast.expr, index: Val) -> Val:
        if isinstance(key, ast.Slice):
            return self._filter(node, base, _how(key))
        if (index.is_row and index.kind != "list") or (index.is_row and index.elems is None):
            return self._filter(node, base)
        value = literal(key)
        if isinstance(value, (str, int)):
            return base.with_(kind="series", elems=None, qual=f"column:{value}")
        if isinstance(key, (ast.List, ast.ListComp)) or index.kind in ("list", "tuple"):
            return base.with_(kind="frame", elems=None)
        if index.known and isinstance(index.literal, str):
            return base.with_(kind="series", elems=None, qual=f"column:{index.literal}")
        if isinstance(key, ast.BinOp) or (isinstance(key, ast.Name) and index.kind == "list"):
            return base.with_(kind="frame", elems=None)
        if isinstance(key, (ast.Call, ast.Attribute, ast.Subscript)) and index.role == "stat":
            return base.with_(kind="frame", elems=None)
        if index.kind == "scalar":
            return base.with_(kind="series", elems=None, qual="")
        name = key.id.lower() if isinstance(key, ast.Name) else ""
        plural = name.endswith(("s", "columns", "cols", "list"))
        return base.with_(kind="frame" if plural else "series", elems=None, qual="")

    def _sequence_key(self, node: ast.Subscript, base: Val, key: ast.expr, index: Val) -> Val:
        if base.kind in ("array", "sparse") and isinstance(key, ast.Tuple) and key.elts:
            rows, columns = key.elts[0], key.elts[-1]
            picked = base
            if not is_whole_slice(rows):
                first = self.flow.val(rows)
                if isinstance(literal(rows), int):
                    self.touch()
                    return Val("stat", "any", sources=base.sources)
                if not (
                    isinstance(rows, ast.Slice) or first.is_row or first.role in ("stat", "const")
                ):
                    return base
                picked = self._filter(node, base)
            if len(key.elts) < 2:
                return picked
            narrow = isinstance(columns, (ast.Slice, ast.List, ast.Tuple))
            scalar = isinstance(literal(columns), int)
            return picked.with_(kind="series" if scalar and not narrow else base.kind)
        if index.is_row or isinstance(key, ast.Slice):
            if isinstance(key, ast.Slice) and base.qual == "predict_proba":
                return base
            return self._filter(node, base, _how(key))
        if base.kind == "records":
            return Val("stat", "dict", sources=base.sources)
        self.touch()
        return Val("stat", "any", sources=base.sources, target=base.target)

    def _indexer(self, node: ast.Subscript, base: Val, key: ast.expr, index: Val) -> Val:
        name, kind = base.qual.split(":", 1)
        plain = base.with_(kind=kind, qual="")
        if index.kind == "place":
            return Val("elem", "any", base.axis, base.sources)
        if not isinstance(key, ast.Tuple):
            if isinstance(literal(key), (int, str)) and name != "ix":
                self.touch()
                return Val("stat", "series", sources=base.sources)
            return self._filter(node, plain, _how(key))
        rows, columns = key.elts[0], key.elts[-1]
        picked = plain
        if not is_whole_slice(rows):
            value = self.flow.val(rows)
            if isinstance(literal(rows), (int, str)):
                self.touch()
                return Val("stat", "any", sources=base.sources)
            if value.role == "elem":
                return Val("elem", "any", base.axis, base.sources)
            picked = self._filter(node, plain)
        if kind == "series":
            return picked
        where = literal(columns)
        known = self.flow.val(columns)
        single = isinstance(where, (str, int)) or (
            known.known and isinstance(known.literal, (str, int))
        )
        if (
            isinstance(columns, ast.Name)
            and known.kind not in ("list", "tuple")
            and known.role in ("const", "stat")
        ):
            plural = columns.id.lower().endswith(("s", "columns", "cols"))
            single = known.kind == "scalar" or not plural
        return picked.with_(
            kind="series" if single else "frame",
            qual=f"column:{where}" if isinstance(where, str) else "",
        )


def _how(key: ast.expr) -> str:
    """Say what a slice does to the rows: a step backwards turns their order round."""
    step = literal(key.step) if isinstance(key, ast.Slice) else None
    return "reorder" if isinstance(step, int) and step < 0 else "filter"


def _masks(base: Val, key: ast.expr) -> bool:
    """Say whether a key chooses several of the labels of a learned list."""
    return base.kind == "list" and literal(key) is NotImplemented and not isinstance(key, ast.Name)
