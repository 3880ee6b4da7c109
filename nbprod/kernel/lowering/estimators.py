"""Fitted estimators on the way to the features."""

from __future__ import annotations

import ast

from nbprod.kernel.expressions import Expressions
from nbprod.kernel.making import shown
from nbprod.kernel.rules import function, method
from nbprod.kernel.values import Kind, Lowered, NotLowered

COLUMNS_BY_NAME = ("ColumnTransformer", "Pipeline", "FeatureUnion")


@method("learned", "transform", "predict", "predict_proba")
def transform(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``state.scaler.transform(X)``; of labels by a dict of numbers"""
    assert isinstance(call.func, ast.Attribute)
    given = low.bind(call, "X")
    values = low.expect(given["X"], "frame", "column", "matrix", "records")
    cls = base.kind.dtype
    where = values.kind.where
    if values.kind.what == "records":
        if cls != "DictVectorizer" or call.func.attr != "transform":
            raise NotLowered(f"records for a {cls or 'learned value'}", call)
        return low.vector("vectorize", values, base, kind=Kind("matrix", "", None, where))
    if cls == "LabelEncoder":
        if call.func.attr != "transform" or values.kind.what != "column":
            raise NotLowered(f"{shown(call)}", call)
        return low.vector(
            "encode_labels", values, base, kind=Kind("column", "number", values.kind.label, where)
        )
    if values.kind.what == "frame" and cls not in COLUMNS_BY_NAME:
        values = low.vector("numbers", values)
    called = ast.Call(ast.Attribute(base.node, call.func.attr, ast.Load()), [values.node], [])
    what = "column" if call.func.attr == "predict" else "matrix"
    return Lowered(called, Kind(what, "array", None, where))


@function("predict_rows")
def predict_rows(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``predict_rows(state.model.predict, rows)`` of ``replay.py``"""
    given = low.bind(call, "method", "rows")
    method = given["method"]
    if not isinstance(method, ast.Attribute):
        raise NotLowered("an estimator that is not known", call)
    single = ast.copy_location(ast.Call(method, [given["rows"]], []), call)
    found = low.lower(single)
    if not found.kind.where or not isinstance(found.node, ast.Call):
        return found
    return low.vector("predict_rows", found.node.func, found.node.args[0], kind=found.kind)


@method("matrix", "toarray", "todense")
def dense(low: Expressions, call: ast.Call, base: Lowered) -> Lowered:
    """``vectorizer.transform(texts).toarray()``"""
    return Lowered(ast.Call(ast.Attribute(base.node, "toarray", ast.Load()), [], []), base.kind)
