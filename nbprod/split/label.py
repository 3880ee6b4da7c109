"""How the label was transformed, so that answers can be given in its own terms."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nbprod.flow.estimators import class_name
from nbprod.flow.scope import keyword, literal
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.knowledge import estimators, table
from nbprod.split.effects import effects
from nbprod.split.learned import Learned
from nbprod.split.names import identity
from nbprod.split.sinks import Sink, statements

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


NAMING = ("encoder", "mapping", "values", "categories")


@dataclass(frozen=True)
class LabelStep:
    """One invertible transformation of the label, the outermost first."""

    kind: str  # function | encoder | scaler | mapping | values | categories | power | arithmetic | shares
    value: str  # inverse function, state field, literal, or the operation with its operand


@dataclass(frozen=True)
class Label:
    """Steps from the fitted label back to the raw column ``column`` ("" when it is not one column)."""

    steps: tuple[LabelStep, ...]
    column: str


def of_quantity(label: Label) -> Label:
    """Return the label without steps that turn codes into names: a quantity between two codes has no name."""
    return Label(tuple(step for step in label.steps if step.kind not in NAMING), label.column)


def trace_label(flow: Flow, sink: Sink, learned: Learned) -> Label:
    """Follow the label from the fit back to its column."""
    if sink.y is None:
        return Label((), "")
    listed = [s for s, _ in statements(flow.body)]
    position = next((i for i, s in enumerate(listed) if s is sink.statement), len(listed))
    return _Tracer(flow, listed, learned).run(sink.y, position)


class _Tracer:
    def __init__(self, flow: Flow, listed: list[ast.stmt], learned: Learned) -> None:
        self.flow, self.listed, self.learned = flow, listed, learned
        self.steps: list[LabelStep] = []

    def run(self, node: ast.expr, position: int) -> Label:
        for _ in range(60):
            found = self._step(node, position)
            if found is None:
                return Label(tuple(self.steps), "")
            if isinstance(found, str):
                return Label(tuple(self.steps), found)
            node, position = found
        return Label(tuple(self.steps), "")

    def _step(self, node: ast.expr, position: int) -> tuple[ast.expr, int] | str | None:
        if isinstance(node, ast.Name):
            return self._definition(node.id, position)
        column = self._column(node)
        if column is not None:
            return self._column_step(node, column, position)
        if isinstance(node, ast.Attribute):
            if node.attr in ("values", "T", "array"):
                return node.value, position
            if node.attr == "codes":
                name = self._learned_dtype(node)
                if name:
                    self.steps.append(LabelStep("categories", name))
                inner = node.value.value if isinstance(node.value, ast.Attribute) else node.value
                return inner, position
            return None
        if isinstance(node, ast.Subscript):
            if self.flow.rule(node) == "filter" or (
                isinstance(node.value, ast.Attribute) and node.value.attr in ("loc", "iloc")
            ):
                inner = (
                    node.value.value
                    if isinstance(node.value, ast.Attribute) and node.value.attr in ("loc", "iloc")
                    else node.value
                )
                return (inner, position) if self.flow.rule(node) == "filter" else None
            if isinstance(node.value, ast.Call) and self.flow.rule(node.value) == "fused:factorize":
                return self._factorized(node.value), position
            if isinstance(node.value, ast.Call) and literal(node.slice) == 0:
                if self.flow.rule(node.value) == "fused:power_function":
                    return self._powered(node.value, position)
            return None
        if isinstance(node, ast.Call):
            return self._call(node, position)
        if isinstance(node, ast.BinOp):
            return self._arithmetic(node, position)
        return None

    def _arithmetic(self, node: ast.BinOp, position: int) -> tuple[ast.expr, int] | None:
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

    def _factorized(self, call: ast.Call) -> ast.expr:
        name = self.learned.by_node.get((identity(call), ""))
        if name:
            self.steps.append(LabelStep("values", name))
        if isinstance(call.func, ast.Attribute) and self.flow.val(call.func.value).is_row:
            return call.func.value
        return call.args[0]

    def _column(self, node: ast.expr) -> tuple[str, str] | None:
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.value, ast.Name)
            and self.flow.val(node.value).kind == "frame"
        ):
            key = literal(node.slice)
            known = self.flow.val(node.slice)
            if not isinstance(key, str) and known.known and isinstance(known.literal, str):
                key = known.literal
            if isinstance(key, list) and len(key) == 1:
                key = key[0]
            if isinstance(key, str):
                return node.value.id, key
        if (
            (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and self.flow.val(node.value).kind == "frame"
            )
            and self.flow.val(node).kind == "series"
            and node.attr not in ("values", "T")
        ):
            return node.value.id, node.attr
        return None

    def _column_step(
        self, node: ast.expr, place: tuple[str, str], position: int
    ) -> tuple[ast.expr, int] | str | None:
        frame, column = place
        for index in range(position - 1, -1, -1):
            statement = self.listed[index]
            for effect in effects(self.flow, statement):
                if effect.name != frame:
                    continue
                if effect.kind == "column" and effect.columns and column in effect.columns:
                    if (
                        isinstance(statement, ast.Assign)
                        and len(effect.columns) == 1
                        and effect.strong
                    ):
                        return statement.value, index
                    if (
                        isinstance(statement, ast.Expr)
                        and isinstance(statement.value, ast.Call)
                        and len(effect.columns) == 1
                    ):
                        return statement.value, index
                    return None
                if effect.kind == "bind" and isinstance(statement, ast.Assign):
                    return self._through(statement, frame, column, index)
        return None

    def _through(
        self, statement: ast.Assign, frame: str, column: str, index: int
    ) -> tuple[ast.expr, int] | str | None:
        """The table was made by a statement: follow the column into what it was made from."""
        value: ast.expr | None = statement.value
        target = statement.targets[0]
        if isinstance(target, (ast.Tuple, ast.List)):
            call = statement.value
            if not isinstance(call, ast.Call) or self.flow.rule(call) != "split":
                return None
            where = next(
                (i for i, t in enumerate(target.elts) if isinstance(t, ast.Name) and t.id == frame),
                0,
            )
            value = call.args[where // 2] if where // 2 < len(call.args) else None
        for _ in range(10):
            if value is None:
                return None
            if self.flow.rule(value) == "source":
                return column
            if isinstance(value, ast.Name):
                new = ast.Subscript(value, ast.Constant(column), ast.Load())
                self.flow.vals[id(new.value)] = self.flow.val(value)
                return new, index
            if (
                isinstance(value, ast.Call)
                and isinstance(value.func, ast.Attribute)
                and self.flow.val(value.func.value).is_row
            ):
                if value.func.attr in ("rename",):
                    return None
                value = value.func.value
            elif isinstance(value, ast.Call) and value.args and self.flow.val(value.args[0]).is_row:
                value = value.args[0]
                if isinstance(value, (ast.List, ast.Tuple)):  # joined side by side
                    value = next((e for e in value.elts if self.flow.val(e).kind == "frame"), None)
            elif isinstance(value, ast.Subscript):
                value = value.value.value if isinstance(value.value, ast.Attribute) else value.value
            else:
                return None
        return None

    def _definition(self, name: str, position: int) -> tuple[ast.expr, int] | str | None:
        for index in range(position - 1, -1, -1):
            statement = self.listed[index]
            if isinstance(statement, ast.Assign):
                for target in statement.targets:
                    if isinstance(target, ast.Name) and target.id == name:
                        return statement.value, index
                    if isinstance(target, (ast.Tuple, ast.List)):
                        names = [t.id if isinstance(t, ast.Name) else "" for t in target.elts]
                        if name in names:
                            return self._tuple(statement.value, names.index(name), index)
            for effect in effects(self.flow, statement):
                if (
                    effect.name == name
                    and effect.kind in ("mutate", "column")
                    and isinstance(statement, ast.Expr)
                ):
                    return None
        return None

    def _tuple(self, value: ast.expr, where: int, index: int) -> tuple[ast.expr, int] | None:
        if isinstance(value, ast.Call):
            rule = self.flow.rule(value)
            if rule == "split" and where // 2 < len(value.args):
                return value.args[where // 2], index
            if rule == "resample" and where < len(value.args):
                return value.args[where], index
            if rule == "fused:factorize" and where == 0:
                return self._factorized(value), index
            if rule == "fused:power_function" and where == 0:
                return self._powered(value, index)
        return None

    def _powered(self, call: ast.Call, position: int) -> tuple[ast.expr, int] | None:
        name = self.learned.by_node.get((identity(call), ""))
        if name is None or not ast.unparse(call.func).endswith("boxcox"):
            return None
        self.steps.append(LabelStep("power", name))
        return call.args[0], position

    def _learned_dtype(self, node: ast.Attribute) -> str:
        for part in walk(node):
            if isinstance(part, ast.Call) and self.flow.rule(part) == "fused:astype_category":
                return self.learned.by_node.get((identity(part), ""), "")
        return ""

    def _call(self, node: ast.Call, position: int) -> tuple[ast.expr, int] | None:
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
            return self._factorized(node), position
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
