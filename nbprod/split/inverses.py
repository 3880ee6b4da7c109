"""Operations that turn a label into another one, and what takes each of them back."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nbprod.flow.estimators import class_name
from nbprod.flow.scope import keyword, literal
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.knowledge import estimators, table
from nbprod.split.learned import Learned
from nbprod.split.names import identity

PLAIN = (
    "copy",
    "ravel",
    "to_numpy",
    "reset_index",
    "flatten",
    "squeeze",
    "reshape",
    "tolist",
    "dropna",
    "to_frame",
    "sample",
    "astype",
    "sort_values",
    "sort_index",
    "head",
)
CASTS = (
    "array",
    "asarray",
    "ravel",
    "DataFrame",
    "Series",
    "squeeze",
    "list",
    "float32",
    "column_stack",
)
INVERSE_OPERATIONS: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
}


@dataclass(frozen=True)
class LabelStep:
    """One invertible transformation of the label, the outermost first."""

    kind: str  # function | encoder | scaler | mapping | values | categories | power | arithmetic | shares
    value: str  # inverse function, state field, literal, or the operation with its operand


class Inverses:
    """Note the inverse of one operation after the other, from the fitted label back."""

    def __init__(self, flow: Flow, learned: Learned) -> None:
        self.flow, self.learned = flow, learned
        self.steps: list[LabelStep] = []

    def arithmetic(self, node: ast.BinOp, position: int) -> tuple[ast.expr, int] | None:
        """A number added to the label, or a factor, is taken back; so is a learned one."""
        inverse = INVERSE_OPERATIONS.get(type(node.op))
        rows, operand = node.left, node.right
        if not self.flow.val(rows).is_row and isinstance(node.op, (ast.Add, ast.Mult)):
            rows, operand = operand, rows
        text = self._operand(operand)
        if inverse is None or not self.flow.val(rows).is_row or text is None:
            return None
        self.steps.append(LabelStep("arithmetic", f"{inverse} {text}"))
        return rows, position

    def _operand(self, node: ast.expr) -> str | None:
        value = literal(node)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value != 0:
            return repr(value)
        name = self.learned.by_node.get((identity(node), ""))
        return f"state.{name}" if name else None

    def factorized(self, call: ast.Call) -> ast.expr:
        name = self.learned.by_node.get((identity(call), ""))
        if name:
            self.steps.append(LabelStep("values", name))
        if isinstance(call.func, ast.Attribute) and self.flow.val(call.func.value).is_row:
            return call.func.value
        return call.args[0]

    def powered(self, call: ast.Call, position: int) -> tuple[ast.expr, int] | None:
        name = self.learned.by_node.get((identity(call), ""))
        if name is None or not ast.unparse(call.func).endswith("boxcox"):
            return None
        self.steps.append(LabelStep("power", name))
        return call.args[0], position

    def learned_dtype(self, node: ast.Attribute) -> str:
        for part in walk(node):
            if isinstance(part, ast.Call) and self.flow.rule(part) == "fused:astype_category":
                return self.learned.by_node.get((identity(part), ""), "")
        return ""

    def call(self, node: ast.Call, position: int) -> tuple[ast.expr, int] | None:
        function = node.func
        if isinstance(function, ast.Attribute):
            base = self.flow.val(function.value)
            if base.is_row:
                return self._method(node, function, position)
            qual = f"{base.qual}.{function.attr}" if base.role == "module" else ""
            if self.flow.rule(node) == "fused:fit_transform" or function.attr == "transform":
                return self._encoded(node, function, position)
        else:
            qual = self.flow.val(function).qual
        inverse = table("pandas")["target"]["inverse"].get(qual)
        if inverse and node.args:
            self.steps.append(LabelStep("function", inverse))
            return node.args[0], position
        if qual.rsplit(".", 1)[-1] == "to_categorical" and node.args:
            self.steps.append(LabelStep("shares", ""))
            return node.args[0], position
        if qual.rsplit(".", 1)[-1] in CASTS and node.args:
            return node.args[0], position
        return None

    def _method(
        self, node: ast.Call, function: ast.Attribute, position: int
    ) -> tuple[ast.expr, int] | None:
        if function.attr in ("map", "replace") and node.args:
            mapping = literal(node.args[0])
            val = self.flow.val(node.args[0])
            if mapping is NotImplemented and val.known:
                mapping = val.literal
            if mapping is NotImplemented and len(node.args) == 2:
                old, new = literal(node.args[0]), literal(node.args[1])
                if isinstance(old, list) and isinstance(new, list):
                    mapping = dict(zip(old, new, strict=False))
            if isinstance(mapping, dict) and len(set(map(repr, mapping.values()))) == len(mapping):
                try:
                    inverse = {v: k for k, v in mapping.items()}
                except TypeError:
                    return None
                self.steps.append(LabelStep("mapping", repr(inverse)))
                return function.value, position
            return None
        if function.attr in PLAIN:
            if function.attr == "astype" and self.flow.rule(node) != "fused:astype_category":
                if (
                    self.flow.val(function.value).qual
                    and literal(node.args[0] if node.args else keyword(node, "dtype")) == "bool"
                ):
                    return None
            return function.value, position
        if self.flow.rule(node) == "fused:factorize":
            return self.factorized(node), position
        return None

    def _encoded(
        self, node: ast.Call, function: ast.Attribute, position: int
    ) -> tuple[ast.expr, int] | None:
        receiver = self.flow.val(function.value)
        cls = class_name(receiver.qual)
        if not node.args:
            return None
        name = self.learned.by_node.get((identity(node), ""))
        if name is None and isinstance(function.value, ast.Name):
            name = next(
                (
                    f
                    for (_, variable), f in self.learned.by_node.items()
                    if variable == function.value.id
                ),
                None,
            )
        if name is None:
            return None
        kind = "encoder" if cls in estimators("label_encoders") else "scaler"
        self.steps.append(LabelStep(kind, name))
        return node.args[0], position
