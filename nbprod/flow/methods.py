"""Transfer functions for method calls on tables: frames, series, arrays, group-bys, accessors."""

from __future__ import annotations

import ast

from nbprod.flow.scope import axis_argument, keyword, literal
from nbprod.flow.table_methods import TableMethods
from nbprod.flow.values import CONST, Val, join
from nbprod.knowledge import effects, table

TABLE_OF = {
    "sparse": "array",
    "list": "array",
    "records": "array",
    "index": "series",
    "dmatrix": "array",
}
NAMING = ("apply", "transform", "agg", "aggregate")
CALLBACKS = ("apply", "map", "applymap", "transform", "agg", "aggregate", "pipe")


class Methods(TableMethods):
    """Method calls whose receiver is aligned with rows."""

    def method(self, node: ast.Call, base: Val, name: str) -> Val:
        """Evaluate ``base.name(...)``; arguments are evaluated here, callbacks in their own way."""
        kind = base.kind
        callbacks = [
            a for a in [*node.args, *(k.value for k in node.keywords)] if self._is_function(a)
        ]
        args = [self.ev(a) for a in node.args if a not in callbacks]
        args += [self.ev(k.value) for k in node.keywords if k.value not in callbacks]
        if name in CALLBACKS and node.args and args and args[0].qual.startswith("notebook."):
            self.flow.row_classes.add(args[0].qual.split(".")[1])
            self.assume(
                node, f"{ast.unparse(node.args[0])} is assumed to keep nothing between rows"
            )
        if (
            name in CALLBACKS
            and node.args
            and args
            and not callbacks
            and _makes_function(name, node.args[0], args[0])
        ):
            self.assume(
                node,
                f"{ast.unparse(node.args[0])[:60]} is assumed to see one row at a time and keep nothing",
            )
        if name in NAMING and node.args:
            named = self._named(node, base, name, args)
            if named is not None:
                return named
        special = getattr(self, f"{kind}_{name}", None)
        if special is not None:
            return special(node, base, args)  # type: ignore[no-any-return]
        if callbacks:
            return self._callback(node, base, name, callbacks, args)
        if kind == "groupby":
            return self._groupby(node, base, name)
        if kind == "accessor":
            return self._accessor(node, base, name)
        if kind == "window":
            return base.with_(kind="series")
        if kind == "indexer":
            return base
        if name in ("groupby", "resample"):
            return base.with_(kind="groupby", elems=None)
        return self._table(node, base, name, args)

    def _is_function(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Lambda):
            return True
        if isinstance(node, ast.Name):
            val = self.load(node.id)
            return val.role == "func" and val.fn is not None
        return isinstance(node, ast.Attribute) and node.attr in ("fit_transform", "transform")

    def _named(self, node: ast.Call, base: Val, name: str, args: list[Val]) -> Val | None:
        """``x.transform("rank")`` and ``x.apply(np.cumsum)`` are what they name."""
        word = literal(node.args[0])
        if base.kind == "groupby":
            path = (
                word if isinstance(word, str) else self.load_path(node.args[0]).rsplit(".", 1)[-1]
            )
            crossing = name != "agg" and name != "aggregate"
            if crossing and effects("groupby").get(str(path)) == "cross":
                self.mark(node, "cross")
                return base.with_(kind="series")
            return None
        if base.kind not in ("frame", "series", "array"):
            return None
        if isinstance(word, str):
            return self._table(node, base, word, args[1:])
        if effects("functions").get(self.load_path(node.args[0])) == "cross":
            self.mark(node, "cross")
            return base
        return None

    def load_path(self, node: ast.expr) -> str:
        """Return the qualified name of a function that is handed over, or an empty string."""
        if isinstance(node, ast.Attribute):
            inner = self.load_path(node.value)
            return f"{inner}.{node.attr}" if inner else ""
        return self.load(node.id).qual if isinstance(node, ast.Name) else ""

    # -- plain methods ---------------------------------------------------------------------------
    def _table(self, node: ast.Call, base: Val, name: str, args: list[Val]) -> Val:
        kind = base.kind
        receiver = TABLE_OF.get(kind, kind)
        effect = effects(receiver).get(name) if receiver in ("frame", "series", "array") else None
        if (
            effect in ("reduce", "cross")
            and axis_argument(node) == 1
            and kind in ("frame", "array")
        ) and (kind == "array" or name in table("pandas")["frame"]["axis1_elementwise"]):
            return base.with_(kind="series", elems=None)
        if name == "any" or name == "all":
            effect = "reduce"
        if effect == "reduce":
            self.touch()
            kinds = {
                "value_counts": "series",
                "describe": "frame",
                "corr": "frame",
                "unique": "list",
            }
            result = kinds.get(name, "series" if kind == "frame" else "scalar")
            return Val("stat", result, sources=join(base, *args).sources, target=base.target)
        if effect == "display":
            return CONST
        if effect in ("filter", "reorder"):
            self.mark(node, effect)
            return base.with_(axis=self.axis(base.axis, effect), elems=None)
        if effect == "cross":
            self.mark(node, "cross")
            window = name in ("rolling", "expanding", "ewm")
            return base.with_(elems=None, qual=name, kind="window" if window else base.kind)
        if effect == "expand":
            self.mark(node, "expand")
            return base.with_(axis=self.axis(base.axis, "expand", False), kind="frame", elems=None)
        if effect is None and receiver in ("frame", "series", "array"):
            self.assume(node, f".{name}() on a {kind} is assumed to work row by row")
        return base.with_(elems=None, qual="", sources=join(base, *args).sources)

    def _groupby(self, node: ast.Call, base: Val, name: str) -> Val:
        effect = effects("groupby").get(name)
        if name == "transform":
            self.mark(node, "fused:group_transform")
            return base.with_(kind="series")
        if effect == "cross":
            self.mark(node, "cross")
            return base.with_(kind="series")
        if effect == "filter":
            self.mark(node, "filter")
            return base.with_(kind="frame", axis=self.axis(base.axis, "filter"))
        if effect == "display":
            return CONST
        self.touch()
        return Val("stat", "frame", sources=base.sources, target=base.target)

    def _accessor(self, node: ast.Call, base: Val, name: str) -> Val:
        expand = literal(keyword(node, "expand"))
        if (
            base.qual == "str"
            and name in ("split", "rsplit", "partition", "extract")
            and (expand is True or (name in ("extract", "partition") and expand is NotImplemented))
        ):
            return base.with_(kind="frame", qual="")
        if base.qual == "str" and name == "get_dummies":
            self.mark(node, "fused:str_get_dummies")
            return base.with_(kind="frame", qual="")
        if base.qual == "str" and name == "extractall":
            self.mark(node, "expand")
        return base.with_(kind="series", qual="")

    # -- callbacks -------------------------------------------------------------------------------
    def _callback(
        self, node: ast.Call, base: Val, name: str, callbacks: list[ast.expr], args: list[Val]
    ) -> Val:
        function = callbacks[0]
        if name == "pipe" and not isinstance(function, ast.Attribute):
            return self.call_function(node, self.ev(function), [base, *args], {})
        if base.kind == "groupby":
            return self._group_callback(node, base, name, function)
        columnwise = base.kind == "frame" and (
            name in ("apply", "transform", "agg") and axis_argument(node, 1) != 1
        )
        if isinstance(function, ast.Attribute):
            owner = self.ev(function.value)
            self.record(function, Val("const", "method", qual=f"{owner.qual}.{function.attr}"))
            self.mark(node, "fused:columns_estimator")
            return base.with_(elems=None)
        if columnwise:
            result = self.apply_function(function, [base.with_(kind="series", elems=None)])
            if result.role == "stat":
                return Val("stat", "series", sources=base.sources)
            self.flow.rules[id(node)] = "columns"
            return base.with_(elems=None)
        if name in ("agg", "aggregate"):
            self.touch()
            return Val("stat", "any", sources=base.sources)
        parameter = Val("elem", "any", base.axis, base.sources)
        result = self.apply_function(function, [parameter])
        kind = "series" if name != "applymap" and base.kind != "frame" else base.kind
        if base.kind == "frame" and name == "apply":
            kind = "frame" if literal(keyword(node, "result_type")) == "expand" else "series"
        sources = join(base, result).sources
        return base.with_(kind=kind, elems=None, qual="", sources=sources)

    def _group_callback(self, node: ast.Call, base: Val, name: str, function: ast.expr) -> Val:
        if isinstance(function, (ast.Lambda, ast.Name)):
            saved = list(self.impure)
            group = base.with_(kind="series")
            result = self.apply_function(function, [group])
            self.impure = saved
        else:
            result = CONST
        if name == "transform" or (name == "apply" and result.is_row):
            self.mark(node, "fused:group_transform")
            return base.with_(kind="series")
        if name == "filter":
            self.mark(node, "filter")
            return base.with_(kind="frame", axis=self.axis(base.axis, "filter"))
        self.touch()
        return Val("stat", "frame", sources=base.sources)

    def apply_function(self, function: ast.expr, args: list[Val]) -> Val:
        """Evaluate a lambda or notebook function on abstract arguments."""
        val = self.ev(function)
        if val.fn is None:
            return join(*args)
        return self.call_function(function, val, args, {}, callback=True)

    def call_function(
        self,
        node: ast.AST,
        function: Val,
        args: list[Val],
        keywords: dict[str, Val],
        callback: bool = False,
    ) -> Val:
        raise NotImplementedError


def _makes_function(name: str, node: ast.expr, val: Val) -> bool:
    """Say whether a callback is an object that nobody has read, such as what a function returned."""
    unread = val.role == "const" and val.kind == "any" and not val.known
    return unread and (isinstance(node, ast.Call) or (name != "map" and isinstance(node, ast.Name)))
