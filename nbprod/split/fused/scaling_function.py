"""``scale(X)``, ``minmax_scale(X)`` and their like: the scaler of the same name is learned."""

from __future__ import annotations

import ast

from nbprod.split.naming import describe
from nbprod.split.rewrite import Rewriter

CLASSES = {
    "scale": "StandardScaler",
    "minmax_scale": "MinMaxScaler",
    "maxabs_scale": "MaxAbsScaler",
    "robust_scale": "RobustScaler",
    "quantile_transform": "QuantileTransformer",
    "power_transform": "PowerTransformer",
}


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return ``state.scaler.transform(X)``."""
    assert isinstance(node, ast.Call)
    qual = rewriter.flow.val(node.func).qual or ast.unparse(node.func)
    name = CLASSES[qual.rsplit(".", 1)[-1]]
    rewriter.learned.imports.add(("sklearn.preprocessing", name))
    made = ast.Call(ast.Name(name, ast.Load()), [], [])
    fitted = ast.Call(ast.Attribute(made, "fit", ast.Load()), [rewriter.fit(node.args[0])], [])
    access = rewriter.learn(
        f"{describe(node.args[0])}_scaler", fitted, node, "estimator", "Any", "estimator"
    )
    return ast.Call(
        ast.Attribute(access, "transform", ast.Load()), [rewriter.serve(node.args[0])], []
    )
