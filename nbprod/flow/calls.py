"""Transfer functions for calls of functions, classes and estimators."""

from __future__ import annotations

import ast

from nbprod.flow.estimators import Estimators
from nbprod.flow.made_tables import made_table
from nbprod.flow.scope import DISPLAY_MODULES, axis_argument
from nbprod.flow.statsmodels_calls import FORMULAS
from nbprod.flow.values import CONST, Val, join
from nbprod.flow.world import is_generator, world
from nbprod.knowledge import effects, table

LIBRARIES = (
    "sklearn",
    "xgboost",
    "lightgbm",
    "catboost",
    "imblearn",
    "keras",
    "tensorflow",
    "category_encoders",
    "mlxtend",
    "feature_engine",
    "torch",
    "statsmodels",
)
PIPELINES = ("make_pipeline", "make_column_transformer", "make_union")
MUTATORS = ("append", "extend", "update", "insert", "add", "setdefault", "pop", "remove", "clear")


TO_LABELS = ("tolist", "to_list", "keys")
AMONG_LABELS = (
    "append",
    "delete",
    "difference",
    "drop",
    "insert",
    "intersection",
    "sort_values",
    "union",
    "unique",
)
OF_TABLES = ("pandas.DataFrame.", "pandas.Series.")
TO_ARRAYS = ("numpy.array", "numpy.asarray", "numpy.asanyarray")
SEQUENCES = ("builtins.list", "builtins.sorted", "builtins.set", "builtins.tuple")


class Calls(Estimators):
    """All calls."""

    def ev_Call(self, node: ast.Call) -> Val:
        function = node.func
        if made_table(node) is not None:
            return self.source_of(node, "frame")
        if isinstance(function, ast.Attribute):
            base = self.ev(function.value)
            name = function.attr
            self.flow.vals[id(function)] = Val("const", "method", qual=f"{base.qual}.{name}")
            if base.role == "module" or (base.role == "func" and base.fn is None and base.qual):
                return self._function(node, f"{base.qual}.{name}")
            if base.kind in ("estimator", "model"):
                return self._estimator(node, base, name)
            if base.is_row:
                return self.method(node, base, name)
            return self._other(node, base, name)
        val = self.ev(function)
        if val.fn is not None and val.kind != "class":
            args = [self.ev(a) for a in node.args]
            keywords = {k.arg: self.ev(k.value) for k in node.keywords if k.arg}
            return self.call_function(node, val, args, keywords)
        if val.kind == "class":
            args = [self.ev(a) for a in [*node.args, *(k.value for k in node.keywords)]]
            return Val(join(*args).role if args else "const", "estimator", qual=val.qual)
        if val.role in ("func", "module") and val.qual:
            return self._function(node, val.qual)
        if val.kind == "method" and val.is_row:
            self.mark(node, "dynamic")
        args = [self.ev(a) for a in [*node.args, *(k.value for k in node.keywords)]]
        if val.kind == "selector" and args and args[0].is_row:
            self.touch()
            return Val("stat", "list", sources=args[0].sources)
        return self._unknown(node, ast.unparse(function), args)

    def _unknown(self, node: ast.Call, name: str, args: list[Val]) -> Val:
        if any(a.is_row for a in args):
            self.assume(node, f"{name}() is assumed to work row by row")
        return join(*args)

    # -- methods on things that are not rows ---------------------------------------------------------
    def _other(self, node: ast.Call, base: Val, name: str) -> Val:
        args = [self.ev(a) for a in node.args] + [self.ev(k.value) for k in node.keywords]
        joined = join(base, *args)
        if base.kind == "rng":
            return self._random(node, name, args)
        receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
        if name in MUTATORS and isinstance(receiver, ast.Name) and receiver.id in self.env:
            self._mutate(receiver.id, base, name, args)
            return Val(base.role, "any")
        if base.kind == "folds" or (name == "split" and base.kind == "estimator"):
            return Val("stat", "folds", sources=joined.sources)
        if any(a.is_row for a in args):
            rows = join(*[a for a in args if a.is_row])
            if base.role == "stat" or base.fitted:
                return rows.with_(kind="series", sources=joined.sources)
            if base.kind == "scalar":
                return rows
            if name in ("fit", "train"):
                self.mark(node, "fit")
                return Val("stat", "model", sources=joined.sources, fitted=True, qual=base.qual)
            return rows
        if name in ("items", "keys", "values") and base.elems is not None:
            return base.with_(kind="list" if name != "items" else "items")
        if name == "copy":
            return base
        if joined.role == "stat" and (
            name in TO_LABELS or (base.kind == "list" and name in AMONG_LABELS)
        ):
            return Val("stat", "list", sources=joined.sources)
        return Val(joined.role if joined.role != "row" else "stat", "any", sources=joined.sources)

    def _mutate(self, name: str, base: Val, method: str, args: list[Val]) -> None:
        added = join(*args)
        if added.is_row and base.kind in ("list", "any") and base.role in ("const", "row"):
            known = base.elems or ()
            self.env[name] = Val(
                "row", "list", added.axis, added.sources, elems=(*known[-3:], args[-1])
            )
        elif added.role == "elem":
            self.env[name] = Val("row", "list", added.axis, added.sources | base.sources)
        elif added.role in ("stat", "row"):
            self.env[name] = Val(
                "stat", base.kind, sources=base.sources | added.sources, fitted=base.fitted
            )
        else:
            self.env[name] = base.with_(known=False, literal=None)

    # -- functions by qualified name -------------------------------------------------------------------
    def _function(self, node: ast.Call, qual: str) -> Val:
        last = qual.rsplit(".", 1)[-1]
        root = qual.split(".", 1)[0]
        if last == "map" and root == "builtins" and node.args:
            rest = [self.ev(a) for a in node.args[1:]]
            if any(r.is_row for r in rest):
                rows = join(*rest)
                if self._is_function(node.args[0]):
                    self.apply_function(node.args[0], [Val("elem", "any", rows.axis, rows.sources)])
                return rows.with_(kind="list")
        args = [self.ev(a) for a in node.args]
        keywords = {k.arg or "**": self.ev(k.value) for k in node.keywords}
        every = [*args, *keywords.values()]
        outside = world(node, qual)
        if outside == "clock":
            self.mark(node, "clock")
            return Val("stat", "scalar")
        if root in DISPLAY_MODULES and outside != "random":
            if qual == "seaborn.load_dataset":
                return self._source(node, qual)
            if root == "tqdm" and args:
                return args[0]
            return Val("const", "display")
        if qual in table("pandas")["sources"]["readers"]:
            return self._source(node, qual)
        if qual in table("pandas")["sources"]["bunches"]:
            return self._bunch(node, qual)
        if qual.startswith("sklearn.datasets.make_"):
            return self._made(node)
        special = getattr(self, f"call_{last}", None)
        if special is not None and root in (
            "pandas",
            "sklearn",
            "numpy",
            "xgboost",
            "lightgbm",
            "catboost",
            "builtins",
            "scipy",
            "statsmodels",
        ):
            result: Val = special(node, args, keywords)
            return result
        if (
            (root in LIBRARIES and last[:1].isupper())
            or last in PIPELINES
            or last in ("Sequential", "Model")
            or (qual.startswith("statsmodels.formula") and last in FORMULAS)
        ):
            return self._construct(node, qual, last, args, every)
        if is_generator(qual):
            return Val("const", "rng", qual=qual)
        if outside == "random":
            return self._random(node, last, every)
        if root == "pandas" and qual.startswith(OF_TABLES) and args and args[0].is_row:
            return self._table(node, args[0], last, args[1:])
        effect = effects("functions").get(qual)
        return self._by_effect(node, qual, effect, every)

    def _by_effect(self, node: ast.Call, qual: str, effect: str | None, every: list[Val]) -> Val:
        joined = join(*every)
        if effect == "dynamic" or (qual == "builtins.getattr" and every and every[0].is_row):
            self.mark(node, "dynamic")
            return joined
        if effect == "between_rows":
            effect = "elementwise" if any(v.role == "stat" for v in every[1:]) else "cross"
        if (
            every
            and every[0].kind == "folds"
            and qual in (*SEQUENCES, "builtins.next", "builtins.iter")
        ):
            return every[0]
        if not joined.is_row:
            kind = "frame" if qual == "pandas.DataFrame" else "any"
            if joined.role == "stat" and qual in SEQUENCES:
                kind = "list"
            return Val(joined.role, kind, sources=joined.sources, target=joined.target)
        if effect == "reduce":
            if axis_argument(node, None) == 1 and qual.startswith("numpy."):
                return joined.with_(kind="series", elems=None)
            self.touch()
            return Val("stat", "any", sources=joined.sources, target=joined.target)
        if effect in ("filter", "reorder", "cross", "expand"):
            self.mark(node, effect)
            how = effect if effect != "cross" else "same"
            return joined if how == "same" else joined.with_(axis=self.axis(joined.axis, how))
        if effect is None and qual.startswith("sklearn.metrics"):
            return Val("stat", "any", sources=joined.sources)
        if effect is None and qual.startswith("sklearn.model_selection"):
            return Val("stat", "any", sources=joined.sources)
        if effect is None:
            self.assume(node, f"{qual}() is assumed to work row by row")
        kind = "array" if qual in TO_ARRAYS and joined.kind == "frame" else joined.kind
        return joined.with_(kind=kind, elems=None, qual="")

    def _random(self, node: ast.Call, name: str, every: list[Val]) -> Val:
        """Evaluate a function of a random module or a method of a generator."""
        if name == "seed":
            return CONST
        if any(a.is_row for a in every) and name in ("permutation", "shuffle", "permuted"):
            self.mark(node, "reorder")
            return join(*every)
        self.mark(node, "random")
        made = any(a.role in ("stat", "row") for a in every)
        return Val("row" if made else "const", "array")
