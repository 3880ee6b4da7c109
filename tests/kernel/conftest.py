"""Lowering that knows a frame ``df``, a two-dimensional array ``X`` and a plain number ``n``."""

from __future__ import annotations

import ast

import pytest

from nbprod.kernel.statements import Statements
from nbprod.kernel.values import FRAME, MATRIX, PLAIN, Lowered


class Known(Statements):
    """Lower texts."""

    def text(self, source: str) -> str:
        return ast.unparse(ast.fix_missing_locations(self.of(source).node))

    def of(self, source: str) -> Lowered:
        return self.lower(ast.parse(source, mode="eval").body)

    def done(self, source: str) -> str:
        made = ast.Module(self.block(ast.parse(source).body), [])
        return ast.unparse(ast.fix_missing_locations(made))


@pytest.fixture
def known() -> Known:
    functions = {"half": ast.parse("def half(x):\n    return x / 2").body[0]}
    low = Known({"np": "numpy", "pd": "pandas", "math": "math"}, functions)  # type: ignore[arg-type]
    low.kinds.update(df=FRAME, X=MATRIX, n=PLAIN)
    return low
