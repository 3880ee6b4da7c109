"""Which rows of which table a tensor, a data set or a loader holds."""

from __future__ import annotations

import ast

from nbprod.flow.networks.values import ROWS, Group, Rows, Value
from nbprod.flow.scope import base_name, keyword, literal
from nbprod.flow.statsmodels_calls import qualified
from nbprod.knowledge import table

KNOWN = table("tensors")


class RowsReader:
    """Expressions whose values are rows."""

    imports: dict[str, str]
    env: dict[str, Value]
    loops: int

    def ev(self, node: ast.expr | None) -> Value:
        """Return the value of an expression, None when it is none of those that matter."""
        raise NotImplementedError

    def qual(self, node: ast.AST) -> str:
        """Return the qualified name of a function, an empty text for a method of what a call returns."""
        inner = node
        while isinstance(inner, ast.Attribute):
            inner = inner.value
        if not isinstance(inner, ast.Name) or not isinstance(node, ast.expr):
            return ""
        return qualified(self.imports, node)

    def converted(self, node: ast.Call) -> Value:
        """Return the tensor that ``torch.tensor(rows)`` makes."""
        first = node.args[0] if node.args else keyword(node, "data")
        rows = self.rows(first) if first is not None else None
        if rows is None:
            return None
        new = ast.Call(node.func, [rows.text, *node.args[1:]], node.keywords)
        if not node.args:
            return None
        return Rows(rows.source, new, tensor=True)

    def rows(self, node: ast.expr) -> Rows | None:
        """Return which rows an expression holds that may be no tensor yet: a table or an array."""
        found = self.ev(node)
        if isinstance(found, Rows):
            return found
        if found is not None:
            return None
        inner: Rows | None
        if isinstance(node, ast.Attribute) and node.attr in KNOWN["attributes"][:1]:
            inner = self.rows(node.value)
            return inner and Rows(inner.source, ast.Attribute(inner.text, node.attr, ast.Load()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if self.qual(node.func) in KNOWN["arrays"] and node.args:
                inner = self.rows(node.args[0])
                call = (
                    ast.Call(node.func, [inner.text, *node.args[1:]], node.keywords)
                    if inner
                    else None
                )
                return Rows(inner.source, call) if inner and call else None
            if node.func.attr in KNOWN["keeps"] and not self.qual(node.func):
                inner = self.rows(node.func.value)
                return inner and Rows(inner.source, _method(inner.text, node))
        if isinstance(node, ast.Subscript) and self.loops and self._chooses(node):
            return self.rows(_table_of(node))
        if base_name(node) is None or isinstance(node, ast.Constant):
            return None
        return Rows(node, ast.Name(ROWS, ast.Load()))

    def _chooses(self, node: ast.Subscript) -> bool:
        """Say whether an index inside a loop or a data set takes some of the rows."""
        return not (isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str))

    def method_of_rows(self, rows: Rows, node: ast.Call, name: str) -> Value:
        """Return what a method makes of a tensor."""
        if name in KNOWN["moves"]:
            kinds = [
                a
                for a in [*node.args, *(k.value for k in node.keywords)]
                if self.qual(a) in KNOWN["dtypes"]
            ]
            if name == "to" and kinds:
                new = ast.Call(ast.Attribute(rows.text, "to", ast.Load()), kinds[:1], [])
                return Rows(rows.source, new, tensor=True)
            return rows
        if name in KNOWN["keeps"]:
            return Rows(rows.source, _method(rows.text, node), rows.tensor)
        return None

    def part_of_rows(self, rows: Rows, key: ast.expr) -> Value:
        """Return what an index takes of a tensor: some rows, or for all of them some columns."""
        if isinstance(key, ast.Tuple) and key.elts:
            first = key.elts[0]
            whole = isinstance(first, ast.Slice) and first.lower is None and first.upper is None
            if not whole and len(key.elts) == 1:
                return rows
            kept = ast.Tuple([ast.Slice(), *key.elts[1:]], ast.Load())
            return Rows(rows.source, ast.Subscript(rows.text, kept, ast.Load()), rows.tensor)
        return rows

    def batches(self, node: ast.Call, name: str) -> Value:
        """Return what one batch of a data set or a loader has."""
        arguments = [
            *node.args,
            *(k.value for k in node.keywords if k.arg in ("dataset", "tensors")),
        ]
        if name in KNOWN["datasets"]:
            return Group(tuple(self.ev(a) for a in arguments))
        found = self.ev(arguments[0]) if arguments else None
        if name in KNOWN["splits"]:
            return Group((found,) * 4)
        return found


def _method(text: ast.expr, node: ast.Call) -> ast.Call:
    """Return a method of other rows; a shape that counts the rows lets PyTorch count them."""
    assert isinstance(node.func, ast.Attribute)
    shape = list(node.args)
    if node.func.attr in ("view", "reshape") and len(shape) > 1:
        rest = all(literal(size) is not NotImplemented for size in shape[1:])
        if rest and literal(shape[0]) is NotImplemented:
            shape[0] = ast.UnaryOp(ast.USub(), ast.Constant(1))
    return ast.Call(ast.Attribute(text, node.func.attr, ast.Load()), shape, node.keywords)


def _table_of(node: ast.Subscript) -> ast.expr:
    """Return the table whose rows an index takes, without ``iloc``."""
    inner = node.value
    if isinstance(inner, ast.Attribute) and inner.attr in ("iloc", "loc"):
        return inner.value
    return inner


__all__ = ["KNOWN", "RowsReader"]
