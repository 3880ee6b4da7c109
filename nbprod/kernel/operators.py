"""Lower operators: element by element, and what they are for whole frames."""

from __future__ import annotations

import ast

from nbprod.flow.tree import walk
from nbprod.kernel.making import Making, each_column, shown
from nbprod.kernel.values import FRAME, LEARNED, MATRIX, PLAIN, Kind, Lowered, NotLowered

ZERO_SAFE = {ast.FloorDiv: "floor_divide", ast.Mod: "remainder"}


class Operators(Making):
    """Lower arithmetic, comparisons and conditions."""

    def _binop(self, node: ast.BinOp) -> Lowered:
        left, right = self.lower(node.left), self.lower(node.right)
        kinds = (left.kind.what, right.kind.what)
        if "frame" in kinds:
            return self._frame_operation(node, left, right)
        kind = self._rows(node, left, right)
        if (
            kind.what != "plain"
            and isinstance(node.op, ast.Add)
            and any(_is_text(v) for v in (left, right))
        ):
            return self.vector("join_texts", left, right, kind=Kind("column", "text"))
        if kind.what == "column" and type(node.op) in ZERO_SAFE and not _nonzero(right.node):
            return self.vector(ZERO_SAFE[type(node.op)], left, right, kind=kind)
        return Lowered(ast.BinOp(left.node, node.op, right.node), kind)

    def _frame_operation(self, node: ast.BinOp, left: Lowered, right: Lowered) -> Lowered:
        """A frame and a plain number: the operation on each column."""
        frame, other = (left, right) if left.kind.what == "frame" else (right, left)
        if other.kind.what not in ("plain", "learned"):
            raise NotLowered(f"an operation on a frame and a {other.kind.what}", node)
        value: ast.expr = ast.Name("values", ast.Load())
        each = other.node
        if {n.id for n in walk(each) if isinstance(n, ast.Name)} & {"name", "values"}:
            raise NotLowered("a variable called name or values", node)
        if other.kind.what == "learned":
            each = self.vector("of_column", other, ast.Name("name", ast.Load())).node
        if type(node.op) in ZERO_SAFE and not _nonzero(right.node):
            raise NotLowered("a remainder of whole frames", node)
        sides = (value, each) if frame is left else (each, value)
        return Lowered(each_column(frame.node, ast.BinOp(sides[0], node.op, sides[1])), frame.kind)

    def _rows(self, node: ast.AST, *parts: Lowered) -> Kind:
        """Return the kind of an element-wise operation."""
        whats = {p.kind.what for p in parts}
        unknown = whats - {"column", "matrix", "plain", "learned"}
        if unknown or {"column", "matrix"} <= whats:
            raise NotLowered(f"an operation on {' and '.join(sorted(whats))}", node)
        if "matrix" in whats:
            return MATRIX
        if "column" in whats:
            places = {p.kind.where for p in parts if p.kind.what == "column"}
            if len(places) > 1:
                raise NotLowered("columns of different rows are combined", node)
            label = next((p.kind.label for p in parts if p.kind.what == "column"), None)
            return Kind("column", "", label if len(parts) == 1 else None, places.pop())
        return LEARNED if "learned" in whats else PLAIN

    def _unaryop(self, node: ast.UnaryOp) -> Lowered:
        operand = self.lower(node.operand)
        if isinstance(node.op, ast.Not) and operand.kind.what not in ("plain", "learned"):
            raise NotLowered("the truth of rows", node)
        if operand.kind.what == "frame":
            value = ast.UnaryOp(node.op, ast.Name("values", ast.Load()))
            return Lowered(each_column(operand.node, value), FRAME)
        return Lowered(ast.UnaryOp(node.op, operand.node), self._rows(node, operand))

    def _compare(self, node: ast.Compare) -> Lowered:
        parts = [self.lower(n) for n in (node.left, *node.comparators)]
        if all(p.kind.what in ("plain", "learned") for p in parts):
            nodes = [p.node for p in parts]
            return Lowered(ast.Compare(nodes[0], node.ops, nodes[1:]), PLAIN)
        if len(node.ops) > 1 or isinstance(node.ops[0], (ast.In, ast.NotIn, ast.Is, ast.IsNot)):
            raise NotLowered(f"the truth of rows in {shown(node)}", node)
        if any(isinstance(p.node, ast.Constant) and p.node.value is None for p in parts):
            raise NotLowered("a comparison with None", node)
        kind = self._rows(node, *parts)
        compared = ast.Compare(parts[0].node, node.ops, [parts[1].node])
        return Lowered(compared, Kind(kind.what, "bool", None, kind.where))

    def _boolop(self, node: ast.BoolOp) -> Lowered:
        return Lowered(ast.BoolOp(node.op, [self.plain(v) for v in node.values]), PLAIN)

    def _ifexp(self, node: ast.IfExp) -> Lowered:
        test, body, orelse = self.plain(node.test), self.lower(node.body), self.lower(node.orelse)
        if body.kind.what != orelse.kind.what:
            raise NotLowered("two kinds of value, depending on a condition", node)
        return Lowered(ast.IfExp(test, body.node, orelse.node), Kind(body.kind.what))


def _is_text(value: Lowered) -> bool:
    node = value.node
    return value.kind.dtype == "text" or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _nonzero(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and bool(node.value)
    )


__all__ = ["Operators"]
