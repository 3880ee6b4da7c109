"""Transfer functions for expressions that are not calls."""

from __future__ import annotations

import ast

from nbprod.flow.scope import Scope, literal
from nbprod.flow.values import CONST, Role, Val, join
from nbprod.knowledge import effects

WORDS = ("target_names", "DESCR", "filename")  # of a data set that ships with a library
ROW_TABLES = ("frame", "series", "array", "sparse", "list", "index", "records")


class Expressions(Scope):
    """Evaluate an expression to its abstract value and record it."""

    def ev(self, node: ast.expr | None) -> Val:
        """Evaluate one expression."""
        if node is None:
            return CONST
        if hasattr(node, "table"):
            kind = "array" if node.table == "array" else "frame"
            return self.record(node, self.source_of(node, kind))
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
        if base.kind == "bunch" and name in WORDS and isinstance(node.value, ast.Call):
            # What a data set tells of itself is no table; it is kept like a value that is learned.
            self.flow.rules.pop(id(node.value), None)
            for source in [n for n, e in self.flow.sources.items() if e is node.value]:
                del self.flow.sources[source]
            return Val("stat", "any")
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
