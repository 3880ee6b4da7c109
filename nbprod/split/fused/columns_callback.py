"""``df.apply(lambda c: (c - c.mean()) / c.std())``: what a column function learns, per column."""

from __future__ import annotations

import ast
import copy

from nbprod.flow.tree import walk
from nbprod.split.naming import describe
from nbprod.split.rewrite import Rewriter


def rewrite(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Replace each statistic of the column by a lookup under the column's name."""
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Attribute)
    function = node.args[0]
    rows = rewriter.serve(node.func.value)
    if not isinstance(function, ast.Lambda):
        return ast.Call(
            ast.Attribute(rows, node.func.attr, ast.Load()),
            [function, *node.args[1:]],
            node.keywords,
        )
    parameter = function.args.args[0].arg
    replace = _Statistics(rewriter, parameter, node.func.value)
    body = replace.visit(copy.copy(function.body))
    assert isinstance(body, ast.expr)
    new = ast.Lambda(function.args, body)
    return ast.Call(
        ast.Attribute(rows, node.func.attr, ast.Load()), [new, *node.args[1:]], node.keywords
    )


class _Statistics(ast.NodeTransformer):
    def __init__(self, rewriter: Rewriter, parameter: str, frame: ast.expr) -> None:
        self.rewriter, self.parameter, self.frame = rewriter, parameter, frame

    def visit(self, node: ast.AST) -> ast.AST:
        if (
            isinstance(node, ast.expr)
            and self.rewriter.flow.val(node).role == "stat"
            and not isinstance(node, ast.Name)
        ):
            if any(isinstance(n, ast.Name) and n.id == self.parameter for n in walk(node)):
                return self._keyed(node)
            return self.rewriter.serve(node)
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.AST):
                new = copy.copy(node)
                setattr(new, name, self.visit(value))
                node = new
            elif isinstance(value, list):
                new = copy.copy(node)
                setattr(new, name, [self.visit(v) if isinstance(v, ast.AST) else v for v in value])
                node = new
        return node

    def _keyed(self, node: ast.expr) -> ast.expr:
        frame = self.rewriter.fit(self.frame)
        column = ast.Name("name", ast.Load())
        value = _Put(self.parameter, ast.Subscript(frame, column, ast.Load())).visit(
            copy.deepcopy(node)
        )
        learned = ast.DictComp(
            column,
            value,
            [ast.comprehension(ast.Name("name", ast.Store()), copy.deepcopy(frame), [], 0)],
        )
        access = self.rewriter.learn(
            f"column_{describe(node)}", learned, node, "statistic", "dict[Any, Any]", "any"
        )
        name = ast.Attribute(ast.Name(self.parameter, ast.Load()), "name", ast.Load())
        return ast.Subscript(access, name, ast.Load())


class _Put(ast.NodeTransformer):
    def __init__(self, name: str, value: ast.expr) -> None:
        self.name, self.value = name, value

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return copy.deepcopy(self.value) if node.id == self.name else node
