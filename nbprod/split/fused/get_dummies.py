"""``pd.get_dummies(df)``: the categories seen while training decide the columns."""

from __future__ import annotations

import ast

from nbprod.flow.scope import keyword
from nbprod.split.naming import describe
from nbprod.split.rewrite import Rewriter


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return ``pd.get_dummies(as_categories(df, state.categories))``."""
    assert isinstance(node, ast.Call)
    data = node.args[0] if node.args else keyword(node, "data")
    assert data is not None
    rows = rewriter.serve(data)
    frame = rewriter.flow.val(data).kind == "frame"
    columns = keyword(node, "columns")
    learned: list[ast.expr] = [rows]
    if columns is not None:
        learned.append(rewriter.serve(columns))
    rewriter.learned.runtime |= {"categories_of", "as_categories"}
    kind = "dict[Any, pd.CategoricalDtype]" if frame else "pd.CategoricalDtype"
    name = "dummy_categories" if frame else f"{describe(data)}_categories"
    access = rewriter.learn(
        name,
        ast.Call(ast.Name("categories_of", ast.Load()), learned, []),
        node,
        "categories",
        kind,
        "any",
    )
    replay = ast.Call(ast.Name("as_categories", ast.Load()), [rows, access], [])
    rest = [rewriter.serve(a) for a in node.args[1:]]
    keywords = [
        ast.keyword(k.arg, rewriter.serve(k.value)) for k in node.keywords if k.arg != "data"
    ]
    if frame and columns is None:
        # Which columns are encoded must not depend on the types of one request.
        listed = ast.Call(ast.Name("list", ast.Load()), [access], [])
        keywords.append(ast.keyword("columns", listed))
    return ast.Call(rewriter.serve(node.func), [replay, *rest], keywords)
