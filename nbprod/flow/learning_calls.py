"""Functions of libraries that learn from the rows and transform them in one call."""

from __future__ import annotations

import ast

from nbprod.flow.reads import Reads
from nbprod.flow.values import Val, join


class LearningCalls(Reads):
    """One method a function, ``call_`` and its name."""

    def call_boxcox(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        rows = next((a for a in [*args, *keywords.values()] if a.is_row), None)
        if rows is None or len(args) != 1 or keywords:
            return join(*args, *keywords.values()).with_(elems=None, qual="")
        self.mark(node, "fused:power_function")
        column = rows.with_(kind="series", elems=None, qual="")
        power = Val("stat", "scalar", sources=rows.sources, target=rows.target)
        return Val("row", "tuple", rows.axis, rows.sources, elems=(column, power))

    call_yeojohnson = call_boxcox

    def call_zscore(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        joined = join(*args, *keywords.values())
        if joined.is_row and len(args) == 1 and not keywords:
            self.mark(node, "fused:zscore")
        elif joined.is_row:
            self.mark(node, "cross")
        return joined.with_(elems=None, qual="")

    def call_scale(self, node: ast.Call, args: list[Val], keywords: dict[str, Val]) -> Val:
        joined = join(*args, *keywords.values())
        if not joined.is_row:
            return joined
        table = len(args) == 1 and not keywords and args[0].kind in ("frame", "array")
        self.mark(node, "fused:scaling_function" if table else "cross")
        return joined.with_(kind="array", elems=None, qual="")

    call_minmax_scale = call_scale
    call_maxabs_scale = call_scale
    call_robust_scale = call_scale
    call_quantile_transform = call_scale
    call_power_transform = call_scale
