"""How the label was transformed, so that answers can be given in its own terms."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nbprod.flow.scope import literal
from nbprod.flow.values import Flow
from nbprod.split.effects import effects
from nbprod.split.inverses import Inverses, LabelStep
from nbprod.split.learned import Learned
from nbprod.split.sinks import Sink, statements

NAMING = ("encoder", "mapping", "values", "categories")


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


class _Tracer(Inverses):
    def __init__(self, flow: Flow, listed: list[ast.stmt], learned: Learned) -> None:
        super().__init__(flow, learned)
        self.listed = listed

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
                name = self.learned_dtype(node)
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
                return self.factorized(node.value), position
            if isinstance(node.value, ast.Call) and literal(node.slice) == 0:
                if self.flow.rule(node.value) == "fused:power_function":
                    return self.powered(node.value, position)
            return None
        if isinstance(node, ast.Call):
            return self.call(node, position)
        if isinstance(node, ast.BinOp):
            return self.arithmetic(node, position)
        return None

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
                return self.factorized(value), index
            if rule == "fused:power_function" and where == 0:
                return self.powered(value, index)
        return None
