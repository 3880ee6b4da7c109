"""``df.groupby(k)[v].transform("median")``: one value per group, learned and looked up."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.knowledge import effects
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
    key_rows = rewriter.serve(keys)
    if not rewriter.flow.val(keys).is_row:
        key_rows = ast.Subscript(rewriter.serve(frame), key_rows, ast.Load())
    values = ast.Subscript(rewriter.serve(frame), rewriter.serve(column), ast.Load())

    def looked_up(statistic: ast.expr, source: ast.expr) -> ast.expr:
        learned = ast.Call(
            ast.Attribute(rewriter.fit(grouped), "agg", ast.Load()), [rewriter.fit(statistic)], []
        )
        name = describe(node) or "by_group"
        access = rewriter.learn(name, learned, source, "groupmap", "Any", "any")
        rewriter.learned.runtime.add("group_values")
        return ast.Call(ast.Name("group_values", ast.Load()), [key_rows, access], [])

    fills, statistic = _statistic(function)
    if statistic is not None:
        found = looked_up(statistic, node)
        return (
            ast.Call(ast.Attribute(values, "fillna", ast.Load()), [found], []) if fills else found
        )
    if isinstance(function, ast.Lambda) and works_by_value(function):
        return _ByValue(function.args.args[0].arg, values, looked_up).visit(copy.deepcopy(function.body))  # type: ignore[no-any-return]
    return _refuse(rewriter, node)


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


def works_by_value(function: ast.Lambda) -> bool:
    """Say whether a callback computes with each value and statistics of its group, and nothing else."""
    if len(function.args.args) != 1:
        return False
    name = function.args.args[0].arg

    def allowed(node: ast.expr) -> bool:
        if _reduces(node, name) or isinstance(node, (ast.Constant, ast.Name)):
            return True
        if isinstance(node, ast.BinOp):
            return allowed(node.left) and allowed(node.right)
        if isinstance(node, ast.UnaryOp):
            return allowed(node.operand)
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and effects("series").get(node.func.attr) == "elementwise"
            and not node.keywords
            and all(allowed(part) for part in [node.func.value, *node.args])
        )

    return allowed(function.body)


def _reduces(node: ast.AST, name: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == name
        and effects("series").get(node.func.attr) == "reduce"
        and all(
            isinstance(part, ast.Constant)
            for part in [*node.args, *(k.value for k in node.keywords)]
        )
    )


class _ByValue(ast.NodeTransformer):
    """Put the column in the place of a callback's parameter, and learned values in that of its statistics."""

    def __init__(
        self, name: str, values: ast.expr, looked_up: Callable[[ast.expr, ast.expr], ast.expr]
    ) -> None:
        self.name, self.values, self.looked_up = name, values, looked_up

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if not _reduces(node, self.name):
            return self.generic_visit(node)
        parameters = ast.arguments([], [ast.arg(self.name)], None, [], [], None, [])
        return self.looked_up(ast.Lambda(parameters, copy.deepcopy(node)), node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self.values if node.id == self.name else node


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
