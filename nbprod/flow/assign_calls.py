"""``df.assign(c=lambda d: ...)`` written as assignments of columns, so that what a lambda learns can be seen."""

from __future__ import annotations

import ast

from nbprod.flow.substitution import like, substitute


def assigned_columns(node: ast.stmt) -> list[ast.stmt] | None:
    """Return the statements for ``table = other.assign(...)`` with lambdas, None for anything else.

    Values that are no lambda all see the old table, so they stay in a call of their own; where one stands
    behind a lambda the order of the columns would change, and the statement stays as it is.
    """
    if not (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Call)
    ):
        return None
    call, target = node.value, node.targets[0]
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "assign") or call.args:
        return None
    computed = [k for k in call.keywords if _on_the_table(k.value)]
    plain = call.keywords[: len(call.keywords) - len(computed)]
    if not computed or any(k in computed for k in plain) or any(k.arg is None for k in plain):
        return None
    table: ast.expr = call.func.value
    method = ast.Attribute(table, "assign" if plain else "copy", ast.Load())
    out = [_placed(node, ast.Assign([target], ast.Call(method, [], plain)))]
    for keyword in computed:
        column = ast.Subscript(
            ast.Name(target.id, ast.Load()), ast.Constant(keyword.arg), ast.Store()
        )
        assert isinstance(keyword.value, ast.Lambda)
        parameter = keyword.value.args.args[0].arg
        value = substitute(keyword.value.body, {parameter: ast.Name(target.id, ast.Load())})
        out.append(_placed(node, ast.Assign([column], value)))
    for statement in out[1:]:
        statement.lead = []  # type: ignore[attr-defined]
    return out


def _on_the_table(node: ast.expr) -> bool:
    return isinstance(node, ast.Lambda) and len(node.args.args) == 1


def _placed(template: ast.stmt, node: ast.stmt) -> ast.stmt:
    return ast.fix_missing_locations(like(template, node))
