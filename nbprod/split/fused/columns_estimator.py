"""``df[cols].apply(LabelEncoder().fit_transform)``: one estimator per column."""

from __future__ import annotations

import ast

from nbprod.split.naming import snake
from nbprod.split.rewrite import Rewriter


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return ``df.apply(lambda column: state.encoders[column.name].transform(column))``."""
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Attribute)
    method = node.args[0]
    assert isinstance(method, ast.Attribute)
    rows = rewriter.serve(node.func.value)
    owner = method.value
    name = "encoder"
    if isinstance(owner, ast.Name):
        name = owner.id
        made = rewriter.constructors.get(owner.id, rewriter.fit(owner))
    else:
        made = rewriter.fit(owner)
        if isinstance(owner, ast.Call):
            name = snake(ast.unparse(owner.func).rsplit(".", 1)[-1])
    frame = rewriter.fit(node.func.value)
    column = ast.Name("name", ast.Load())
    fitted = ast.Call(
        ast.Attribute(made, "fit", ast.Load()), [ast.Subscript(frame, column, ast.Load())], []
    )
    learned = ast.DictComp(
        column, fitted, [ast.comprehension(ast.Name("name", ast.Store()), frame, [], 0)]
    )
    access = rewriter.learn(f"{name}s", learned, node, "estimator", "dict[Any, Any]", "any")
    parameter = ast.arg("column")
    key = ast.Attribute(ast.Name("column", ast.Load()), "name", ast.Load())
    apply = ast.Call(
        ast.Attribute(ast.Subscript(access, key, ast.Load()), "transform", ast.Load()),
        [ast.Name("column", ast.Load())],
        [],
    )
    arguments = ast.arguments([], [parameter], None, [], [], None, [])
    return ast.Call(ast.Attribute(rows, "apply", ast.Load()), [ast.Lambda(arguments, apply)], [])
