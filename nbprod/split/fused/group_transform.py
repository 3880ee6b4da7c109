"""``df.groupby(k)[v].transform("median")``: one value per group, learned and looked up."""

from __future__ import annotations

import ast
import copy

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.split.naming import describe
from nbprod.split.rewrite import Rewriter


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return ``group_values(df[k], state.by_group)``; a group fill keeps the known values."""
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Attribute)
    grouped = node.func.value
    column, call = _parts(grouped)
    function = node.args[0] if node.args else None
    if call is None or column is None or function is None:
        return _refuse(rewriter, node)
    frame = call.func.value  # type: ignore[attr-defined]
    keys = call.args[0] if call.args else call.keywords[0].value
    fills, statistic = _statistic(function)
    if statistic is None:
        return _refuse(rewriter, node)
    learned = _apply(rewriter, grouped, statistic)
    access = rewriter.learn(describe(node) or "by_group", learned, node, "groupmap", "Any", "any")
    key_rows = rewriter.serve(keys)
    if not rewriter.flow.val(keys).is_row:
        key_rows = ast.Subscript(rewriter.serve(frame), key_rows, ast.Load())
    rewriter.learned.runtime.add("group_values")
    looked_up = ast.Call(ast.Name("group_values", ast.Load()), [key_rows, access], [])
    if not fills:
        return looked_up
    values = ast.Subscript(rewriter.serve(frame), rewriter.serve(column), ast.Load())
    return ast.Call(ast.Attribute(values, "fillna", ast.Load()), [looked_up], [])


def _parts(grouped: ast.expr) -> tuple[ast.expr | None, ast.Call | None]:
    column: ast.expr | None = None
    if isinstance(grouped, ast.Subscript):
        column, grouped = grouped.slice, grouped.value
    elif isinstance(grouped, ast.Attribute) and isinstance(grouped.value, ast.Call):
        column, grouped = ast.Constant(grouped.attr), grouped.value
    if (
        isinstance(grouped, ast.Call)
        and isinstance(grouped.func, ast.Attribute)
        and grouped.func.attr == "groupby"
    ):
        return column, grouped
    return None, None


def _statistic(function: ast.expr) -> tuple[bool, ast.expr | None]:
    """Return whether the callback only fills missing values, and the statistic it uses."""
    if isinstance(function, (ast.Constant, ast.Attribute)):
        return False, function
    if isinstance(function, ast.Lambda) and len(function.args.args) == 1:
        name = function.args.args[0].arg
        body = function.body
        if (
            (
                isinstance(body, ast.Call)
                and isinstance(body.func, ast.Attribute)
                and body.func.attr == "fillna"
                and body.args
            )
            and isinstance(body.func.value, ast.Name)
            and body.func.value.id == name
        ):
            inner = copy.deepcopy(function)
            inner.body = body.args[0]
            return True, inner
        if (
            isinstance(body, ast.Call)
            and isinstance(body.func, ast.Attribute)
            and isinstance(body.func.value, ast.Name)
        ) and (
            body.func.value.id == name
            and not body.args
            and body.func.attr in ("mean", "median", "max", "min", "std", "sum", "count", "nunique")
        ):
            return False, function
    return False, None


def _apply(rewriter: Rewriter, grouped: ast.expr, statistic: ast.expr) -> ast.expr:
    method = "agg"
    return ast.Call(
        ast.Attribute(rewriter.fit(grouped), method, ast.Load()), [rewriter.fit(statistic)], []
    )


def _refuse(rewriter: Rewriter, node: ast.Call) -> ast.expr:
    source = ast.unparse(node)
    rewriter.learned.findings.append(
        Finding(
            "E-GROUP-TRANSFORM",
            f"{source[:80]}: the result for one row depends on the other rows of its group",
            origin(node),
            source[:200],
            "use one statistic per group: transform('median'), or fillna with it",
        )
    )
    return node
