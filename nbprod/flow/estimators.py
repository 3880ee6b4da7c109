"""Transfer functions for estimators: what they are made of, what fitting them and asking them yields."""

from __future__ import annotations

import ast

from nbprod.flow.named_calls import NamedCalls
from nbprod.flow.scope import base_name
from nbprod.flow.values import CONST, Role, Val, join
from nbprod.knowledge import estimators


def class_name(qual: str) -> str:
    """Return the class that a value of kind estimator behaves like (a pipeline's last step)."""
    return qual.rsplit(">", 1)[-1].rsplit(".", 1)[-1]


class Estimators(NamedCalls):
    """Construction and methods of estimators."""

    def _construct(
        self, node: ast.Call, qual: str, last: str, args: list[Val], every: list[Val]
    ) -> Val:
        role: Role = "stat" if any(v.role in ("stat", "row") for v in every) else "const"
        sources = join(*every).sources if every else frozenset()
        rows = next((v for v in every if v.is_row), None)
        if last in ("DMatrix", "Dataset", "QuantileDMatrix", "Pool") and rows is not None:
            return rows.with_(kind="dmatrix", elems=tuple(every))
        if qual.startswith("statsmodels") and rows is not None:
            self.flow.rules[id(node)] = "statsmodels"
            return Val("stat", "estimator", qual=qual, sources=sources)
        step = ""
        if last in ("Pipeline", "ImbPipeline") and args and args[0].elems:
            final = args[0].elems[-1]
            final = final.elems[-1] if final.elems else final
            step = final.qual
        elif last == "make_pipeline" and args:
            step = args[-1].qual
        elif last in estimators("searches"):
            inner = args[0] if args else next(iter(every), CONST)
            step = inner.qual
        return Val(role, "estimator", qual=f"{qual}>{step}" if step else qual, sources=sources)

    def _estimator(self, node: ast.Call, base: Val, name: str) -> Val:
        args = [self.ev(a) for a in node.args] + [self.ev(k.value) for k in node.keywords]
        rows = next((a for a in args if a.is_row), None)
        sources = join(base, *args).sources
        cls = class_name(base.qual)
        target = bool(rows and rows.target)
        fitted = base.with_(role="stat", fitted=True, sources=sources)
        if name in ("fit", "partial_fit", "fit_generator"):
            self.mark(node, "fit")
            self._refit(node, fitted)
            return fitted
        if name == "fit_transform" and rows is not None:
            self.mark(node, "cross" if cls in estimators("no_transform") else "fused:fit_transform")
            self._refit(node, fitted)
            return self._transformed(rows, cls, sources)
        if name == "fit_predict" and rows is not None:
            self.mark(node, "fused:fit_predict")
            self._refit(node, fitted)
            return rows.with_(kind="series", elems=None, sources=sources, qual="predict")
        if name in ("fit_resample", "fit_sample"):
            self.mark(node, "resample")
            axis = self.axis(rows.axis if rows else None, "resample", False)
            parts = tuple(a.with_(axis=axis) for a in args if a.is_row)
            return Val("row", "tuple", axis, sources, elems=parts)
        if name in (
            "transform",
            "predict",
            "predict_proba",
            "decision_function",
            "inverse_transform",
            "predict_log_proba",
            "score_samples",
            "predict_classes",
            "kneighbors",
        ):
            if rows is None:
                return Val("stat" if base.fitted else "const", "any", sources=sources)
            if name == "transform":
                return self._transformed(rows, cls, sources)
            kind = "array" if name in ("predict_proba", "inverse_transform") else "series"
            return rows.with_(kind=kind, elems=None, qual=name, sources=sources, target=target)
        if name in ("set_params", "set_output"):
            return base
        if name == "split":
            return Val("stat", "folds", sources=sources)
        if name in ("get_feature_names", "get_feature_names_out", "score", "get_params"):
            return Val("stat" if base.fitted else "const", "any", sources=sources)
        receiver = base_name(node.func)
        if name in ("fit_on_texts", "adapt", "build_vocab") and receiver and rows is not None:
            self.mark(node, "fit")
            self.env[receiver] = fitted
            return fitted
        if rows is not None:
            self.assume(node, f"{cls}.{name}() is assumed to work row by row")
            return rows.with_(elems=None, sources=sources)
        return Val("stat" if base.fitted else "const", "any", sources=sources)

    def _refit(self, node: ast.Call, fitted: Val) -> None:
        receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
        if isinstance(receiver, ast.Name):
            self.env[receiver.id] = fitted
        elif receiver is not None:
            name = base_name(receiver)
            if name and not isinstance(receiver, ast.Call) and name in self.env:
                old = self.env[name]
                if old.role == "const":
                    self.env[name] = old.with_(role="stat", sources=fitted.sources)

    def _transformed(self, rows: Val, cls: str, sources: frozenset[str]) -> Val:
        kind = "array"
        if cls in ("LabelEncoder",):
            kind = "series"
        elif cls in (
            "CountVectorizer",
            "TfidfVectorizer",
            "OneHotEncoder",
            "TfidfTransformer",
            "HashingVectorizer",
            "DictVectorizer",
        ):
            kind = "sparse"
        return Val("row", kind, rows.axis, sources, target=rows.target)
