"""What a notebook makes of the outputs of a network, one row at a time: shares, classes, rounded numbers."""

from __future__ import annotations

import ast

from nbprod.flow.networks.rows import KNOWN, RowsReader
from nbprod.flow.networks.values import Group, Network, Output, Value
from nbprod.flow.scope import keyword, literal
from nbprod.flow.tree import is_whole_slice

COMPARISONS = (ast.Gt, ast.GtE, ast.Lt, ast.LtE)
ALONG = ("dim", "axis")


class OutputReader(RowsReader):
    """Expressions of a network's outputs; ``fixed`` has the numbers that the notebook gives a name once."""

    fixed: dict[str, ast.expr]
    unclear: list[tuple[Network, ast.expr]]

    def function_of(self, output: Output, node: ast.Call, name: str) -> Value:
        """Return what a function makes of an output that is its first argument, None when it mixes rows."""
        rest = [*node.args[1:], *(k.value for k in node.keywords)]
        if name in KNOWN["joins"]:
            return output
        if not all(literal(a) is not NotImplemented or self.qual(a) for a in rest):
            return None
        new = ast.Call(node.func, [output.text, *node.args[1:]], node.keywords)
        return self._step(output, new, name, _along(node, 1))

    def method_of(self, output: Output, node: ast.Call, name: str) -> Value:
        """Return what a method makes of an output, None when it mixes rows."""
        assert isinstance(node.func, ast.Attribute)
        if output.decided and name in (*KNOWN["casts"], *KNOWN["shapes"]):
            return output
        if name in KNOWN["moves"] or name in ("detach", "cpu", "clone", "tolist", "item"):
            return output
        new = ast.Call(ast.Attribute(output.text, name, ast.Load()), node.args, node.keywords)
        if name in KNOWN["casts"] or name in KNOWN["shapes"]:
            if name == "squeeze" and not node.args:
                new.args = [ast.UnaryOp(ast.USub(), ast.Constant(1))]  # one row must stay one row
            return Output(output.network, output.rows, new)
        return self._step(output, new, name, _along(node, 0))

    def _step(self, output: Output, new: ast.Call, name: str, along: object) -> Value:
        by_row = along in (1, -1)
        if name in KNOWN["largest"] and by_row:
            return Output(output.network, output.rows, new, "largest")
        if name in KNOWN["pairs"] and by_row:
            place = ast.Subscript(new, ast.Constant(1), ast.Load())
            values = Output(
                output.network, output.rows, ast.Subscript(new, ast.Constant(0), ast.Load())
            )
            return Group((values, Output(output.network, output.rows, place, "largest")))
        if name in KNOWN["rounds"] and not new.args[1:]:
            text = ast.unparse(bare(new))
            return Output(output.network, output.rows, new, text)
        if name in KNOWN["along"] and by_row:
            return Output(output.network, output.rows, new)
        if name in KNOWN["limits"] and not output.decided:
            return Output(output.network, output.rows, new, ast.unparse(bare(new)))
        if name in KNOWN["elementwise"] and not output.decided:
            return Output(output.network, output.rows, new)
        return None

    def part_of_output(self, output: Output, key: ast.expr) -> Value:
        """Return the column that ``[:, 1]`` takes of an output, None when an index chooses rows."""
        if output.decided or not isinstance(key, ast.Tuple) or len(key.elts) != 2:
            return None
        rows, column = key.elts
        if not is_whole_slice(rows) or not isinstance(literal(column), int):
            return None
        return Output(output.network, output.rows, ast.Subscript(output.text, key, ast.Load()))

    def compared(self, node: ast.Compare) -> Value:
        """Return the choice by a threshold."""
        found = self.ev(node.left)
        if not isinstance(found, Output) or found.decided or len(node.ops) != 1:
            return None
        limit = self.fixed.get(ast.unparse(node.comparators[0]), node.comparators[0])
        if not isinstance(node.ops[0], COMPARISONS):
            return None
        if literal(limit) is NotImplemented:
            self.unclear.append((found.network, node))
            return None
        new = ast.Compare(found.text, node.ops, [limit])
        return Output(found.network, found.rows, new, ast.unparse(bare(new)))


def _along(node: ast.Call, position: int) -> object:
    """Return the dimension along which a call works."""
    value = next((v for name in ALONG if (v := keyword(node, name)) is not None), None)
    if value is None and len(node.args) > position:
        value = node.args[position]
    return literal(value) if value is not None else None


class _Bare(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in (
            *KNOWN["casts"],
            *KNOWN["shapes"],
        ):
            return node.func.value
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        return node.value if node.attr == "data" else node


def bare(node: ast.expr) -> ast.expr:
    """Return an expression without what changes neither order nor value, so that two ways to write it are one."""
    again = ast.parse(ast.unparse(ast.fix_missing_locations(node)), mode="eval").body
    found: ast.expr = _Bare().visit(again)
    return found


__all__ = ["OutputReader", "bare"]
