"""Statements that seed a generator of random numbers."""

from __future__ import annotations

import ast

from nbprod.flow.statsmodels_calls import imported

LIBRARIES = ("keras", "tensorflow", "tf_keras", "torch")
CALLS = ("seed", "manual_seed", "set_seed", "set_random_seed")


def seeds(node: ast.stmt) -> bool:
    """Say whether a statement seeds a generator of random numbers, for whatever draws after it."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return False
    return ast.unparse(call.func).rsplit(".", 1)[-1] in CALLS


def imports_networks(body: list[ast.stmt]) -> bool:
    """Say whether a notebook imports a library whose models draw their first weights from the global generators."""
    return any(name.split(".")[0] in LIBRARIES for name in imported(body).values())


__all__ = ["imports_networks", "seeds"]
