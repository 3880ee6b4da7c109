"""``kmeans.fit_predict(X)`` as a feature: fit once while training, predict always."""

from __future__ import annotations

import ast

from nbprod.split.fused import fit_transform
from nbprod.split.rewrite import Rewriter


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return ``state.kmeans.predict(X)`` after fitting."""
    call = fit_transform.rewrite(rewriter, node)
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Attribute)
    call.func.attr = "predict"
    return call
