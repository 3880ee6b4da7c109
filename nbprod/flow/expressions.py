"""Transfer functions for expressions that are not calls."""

from __future__ import annotations

import ast

from nbprod.flow.scope import Scope, literal
from nbprod.flow.values import CONST, Role, Val, join
from nbprod.knowledge import effects

ROW_TABLES = ("frame", "series", "array", "sparse", "list", "index", "records")


class Expressions(Scope):
    """Evaluate an expression to its abstract value and record it."""

    def ev(self, node: ast.expr | None) -> Val:
        """Evaluate one expression."""
        if node is None:
            return CONST
        if hasattr(node, "table"):
            return self.record(node, self.source_of(node, "frame"))
        method = getattr(self, f"ev_{type(node).__name__}", None)
        if method is None:
            parts = [self.ev(c) for c in ast.iter_child_nodes(node) if isinstance(c, ast.expr)]
            return self.record(node, join(*parts))
        return self.record(node, method(node))

    def ev_Constant(self, node: ast.Constant) -> Val:
        return Val("const", "scalar", literal=node.value, known=True)

    def ev_Name(self, node: ast.Name) -> Val:
        return self.load(node.id)

    def ev_JoinedStr(self, node: ast.JoinedStr) -> Val:
        return join(*[self.ev(v) for v in node.values])

    def ev_FormattedValue(self, node: ast.FormattedValue) -> Val:
        return self.ev(node.value)

    def _container(self, node: ast.List | ast.Tuple | ast.Set, kind: str) -> Val:
        elems = tuple(self.ev(e) for e in node.elts)
        value = literal(node)
        if value is not NotImplemented:
            return Val("const", kind, elems=elems, literal=value, known=True)
        known = all(e.known for e in elems)
        return join(*elems).with_(
            kind=kind,
            elems=elems,
            known=known,
            literal=[e.literal for e in elems] if known else None,
        )

    def ev_List(self, node: ast.List) -> Val:
        return self._container(node, "list")

    def ev_Tuple(self, node: ast.Tuple) -> Val:
        return self._container(node, "tuple")

    def ev_Set(self, node: ast.Set) -> Val:
        return self._container(node, "set")

    def ev_Dict(self, node: ast.Dict) -> Val:
        keys = [self.ev(k) for k in node.keys]
        elems = tuple(self.ev(v) for v in node.values)
        value = literal(node)
        if value is not NotImplemented:
            return Val("const", "dict", elems=elems, literal=value, known=True)
        names = tuple(k.literal for k in keys) if all(k.known for k in keys) else None
        return join(*keys, *elems).with_(kind="dict", elems=elems, keys=names)

    def ev_BinOp(self, node: ast.BinOp) -> Val:
        left, right = self.ev(node.left), self.ev(node.right)
        if left.known and right.known and isinstance(node.op, ast.Add):
            try:
                return Val("const", left.kind, literal=left.literal + right.literal, known=True)
            except TypeError:
                pass
        return join(left, right).with_(known=False, literal=None, elems=None)

    def ev_Lambda(self, node: ast.Lambda) -> Val:
        return Val("func", "lambda", fn=node)

    def ev_IfExp(self, node: ast.IfExp) -> Val:
        test, then, other = self.ev(node.test), self.ev(node.body), self.ev(node.orelse)
        return join(test, then, other)

    def ev_NamedExpr(self, node: ast.NamedExpr) -> Val:
        val = self.ev(node.value)
        self.env[node.target.id] = val
        return val

    def ev_Starred(self, node: ast.Starred) -> Val:
        return self.ev(node.value)

    def ev_Slice(self, node: ast.Slice) -> Val:
        return join(self.ev(node.lower), self.ev(node.upper), self.ev(node.step))

    # -- comprehensions --------------------------------------------------------------------------
    def _comprehension(self, node: ast.AST, parts: list[ast.expr]) -> Val:
        saved = dict(self.env)
        iterated: list[Val] = []
        tests: list[Val] = []
        for generator in node.generators:  # type: ignore[attr-defined]
            source = self.ev(generator.iter)
            iterated.append(source)
            self.bind(generator.target, self.element(source))
            tests.extend(self.ev(test) for test in generator.ifs)
        vals = [self.ev(part) for part in parts]
        self.env = saved
        rows = [v for v in iterated if v.is_row and v.elems is None]
        if rows:
            if tests and any(t.role in ("elem", "row") for t in tests):
                return Val("stat", "list", sources=join(*iterated).sources)
            return Val("row", "list", rows[0].axis, join(*iterated, *vals).sources)
        result = join(*iterated, *vals, *tests)
        if any(v.is_row for v in vals):
            return result.with_(kind="list", elems=(vals[-1],))
        role = "stat" if result.role == "row" else result.role
        return Val(role, "list", sources=result.sources, target=result.target)

    def ev_ListComp(self, node: ast.ListComp) -> Val:
        return self._comprehension(node, [node.elt])

    ev_SetComp = ev_ListComp
    ev_GeneratorExp = ev_ListComp

    def ev_DictComp(self, node: ast.DictComp) -> Val:
        val = self._comprehension(node, [node.key, node.value])
        return val.with_(kind="dict")

    def element(self, val: Val) -> Val:
        """Return what a loop over a value yields."""
        if val.elems and val.kind in ("list", "tuple"):
            return join(*val.elems) if len(val.elems) > 1 else val.elems[0]
        if val.is_row:
            if val.kind == "frame":
                return Val(
                    "stat", "scalar", sources=val.sources
                )  # iterating a frame gives its columns
            return Val("elem", "any", val.axis, val.sources)
        if val.kind in ("zip", "enumerate", "items") and val.elems is not None:
            return val
        label = val.role == "stat" and val.kind == "list"  # of the columns of a table, mostly
        return Val(
            val.role if val.role in ("stat", "elem") else "const",
            "scalar" if label else "any",
            sources=val.sources,
        )

    def bind(self, target: ast.AST, val: Val) -> None:
        raise NotImplementedError

    # -- attributes and subscripts -----------------------------------------------------------------
    def ev_Attribute(self, node: ast.Attribute) -> Val:
        base = self.ev(node.value)
        name = node.attr
        if base.role == "module":
            return Val("module", "module", qual=f"{base.qual}.{name}")
        if base.kind == "bunch" and name == "frame" and isinstance(node.value, ast.Call):
            self.flow.rules.pop(id(node.value), None)
            return self.source_of(node, "frame")
        if base.kind == "bunch":
            return self._bunch_attribute(node, base, name)
        if base.kind == "estimator" or base.kind == "model":
            if name.endswith("_") or base.fitted:
                role: Role = "stat" if base.fitted else "const"
                kind = "model" if name == "best_estimator_" else "any"
                fitted = role == "stat"
                return Val(role, kind, sources=base.sources, fitted=fitted, qual=base.qual)
            return Val("const", "method", qual=f"{base.qual}.{name}")
        if not base.is_row:
            if base.role == "func":
                return Val("func", "builtin", qual=f"{base.qual}.{name}")
            labels = "list" if base.role == "stat" and name in ("index", "columns") else "any"
            return Val(base.role, labels, sources=base.sources, target=base.target)
        kind = base.kind
        if name in ("loc", "iloc", "at", "iat", "ix"):
            return base.with_(kind="indexer", qual=f"{name}:{kind}", elems=None)
        if name in ("str", "dt", "cat") and kind in ("series", "accessor", "index"):
            return base.with_(kind="accessor", qual=name)
        if name in ("values", "array", "A"):
            return base.with_(
                kind="array" if kind in ("frame", "array") else "series", qual="values"
            )
        if name == "index" and kind in ("frame", "series"):
            return base.with_(kind="index", elems=None)
        if kind == "accessor":
            if base.qual == "cat" and name in ("categories", "ordered"):
                return Val("stat", "any", sources=base.sources)
            if base.qual == "cat" and name == "codes":
                self.mark(node, "fused:codes")
            return base.with_(kind="series", qual="")
        if kind == "groupby":
            return base
        table = {"sparse": "array", "list": "array", "records": "array"}.get(kind, kind)
        effect = effects(table).get(name) if table in ("frame", "series", "array") else None
        if effect == "schema":
            self.touch()
            several = name in ("columns", "shape")
            counted = {"shape": "shape", "size": "count"}.get(name, "")
            return Val("stat", "list" if several else "any", sources=base.sources, qual=counted)
        if name == "T":
            self.mark(node, "expand")
            return base.with_(axis=self.axis(base.axis, "transpose", False))
        if effect is not None:
            return base.with_(qual=f"{table}.{name}", kind="method")
        if kind == "frame":
            return base.with_(kind="series", elems=None, qual=f"column:{name}")
        if kind == "index":
            return base.with_(kind="series", qual="")
        return base.with_(kind="series", qual="")

    def source_of(self, node: ast.expr, kind: str) -> Val:
        raise NotImplementedError

    def _bunch_attribute(self, node: ast.Attribute, base: Val, name: str) -> Val:
        if name in ("data", "images", "frame"):
            kind = "frame" if base.qual.endswith(":frame") or name == "frame" else "array"
            return Val("row", kind, base.axis, base.sources, qual=f"bunch:{name}")
        if name == "target":
            return Val("row", "series", base.axis, base.sources, target=True, qual="bunch:target")
        return Val("stat", "any", sources=base.sources, qual=f"bunch:{name}")

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
            if not _full_slice(rows):
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
        if not _full_slice(rows):
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


def _full_slice(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Slice)
        and node.lower is None
        and node.upper is None
        and node.step is None
    )
