"""What a statement changes: variables it binds, columns it writes or drops, objects it mutates."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nbprod.flow.calls import MUTATORS
from nbprod.flow.scope import base_name, keyword, literal
from nbprod.flow.tree import own_expressions, walk
from nbprod.flow.values import Flow
from nbprod.split.needs import dropped

BUILDERS = (
    "add",
    "compile",
    "set_params",
    "set_output",
    "build",
    "load_weights",
    "set_weights",
    "to",
)
Kind = Literal["bind", "column", "drop", "mutate", "select", "learn"]


@dataclass(frozen=True)
class Effect:
    """One change. ``strong`` changes replace the old value completely."""

    name: str
    kind: Kind
    columns: tuple[str, ...] | None = None
    strong: bool = False


def effects(flow: Flow, node: ast.stmt) -> list[Effect]:
    """Return what a simple statement changes (nothing for the bodies of compound ones)."""
    known = flow.effects.get(id(node))
    if known is None or known[0] is not node:
        known = flow.effects[id(node)] = (node, _effects(flow, node))
    return list(known[1])


def _effects(flow: Flow, node: ast.stmt) -> list[Effect]:
    found: list[Effect] = []
    if isinstance(node, ast.Assign):
        for target in node.targets:
            found.extend(_target(flow, target))
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        found.extend(_target(flow, node.target))
    elif isinstance(node, ast.AugAssign):
        found.extend(Effect(e.name, e.kind, e.columns) for e in _target(flow, node.target))
    elif isinstance(node, ast.Delete):
        for target in node.targets:
            if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                found.append(Effect(target.value.id, "drop", _columns(flow, target.slice)))
    elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [Effect(node.name, "bind", strong=True)]
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        return [Effect(a.asname or a.name.split(".")[0], "bind", strong=True) for a in node.names]
    elif isinstance(node, ast.For):
        return []
    elif isinstance(node, ast.With):
        for item in node.items:
            if item.optional_vars is not None:
                found.extend(_target(flow, item.optional_vars))
    for expression in own_expressions(node):
        if isinstance(expression, ast.Call):
            found.extend(_call(flow, node, expression))
        elif isinstance(expression, ast.NamedExpr):
            found.append(Effect(expression.target.id, "bind", strong=True))
    return found


def _columns(flow: Flow, key: ast.expr | None) -> tuple[str, ...] | None:
    if key is None:
        return None
    value = literal(key)
    if value is NotImplemented:
        val = flow.val(key)
        value = val.literal if val.known else None
    if isinstance(value, str):
        return (value,)
    if isinstance(value, (list, tuple)) and value and all(isinstance(v, str) for v in value):
        return tuple(value)
    return None


def _target(flow: Flow, target: ast.expr) -> Iterator[Effect]:
    if isinstance(target, ast.Name):
        yield Effect(target.id, "bind", strong=True)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for part in target.elts:
            yield from _target(flow, part)
    elif isinstance(target, ast.Starred):
        yield from _target(flow, target.value)
    else:
        yield from _inside(flow, target)


def _inside(flow: Flow, target: ast.expr) -> Iterator[Effect]:
    name = base_name(target)
    if name is None:
        return
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        if flow.val(target.value).kind == "frame" and target.attr not in ("columns", "index"):
            yield Effect(name, "column", (target.attr,), True)
        else:
            yield Effect(name, "mutate")
        return
    if isinstance(target, ast.Subscript):
        base = target.value
        if isinstance(base, ast.Name):
            columns = _columns(flow, target.slice)
            kind: Kind = "column" if flow.val(base).kind in ("frame", "any") else "mutate"
            yield Effect(
                name,
                kind,
                columns if kind == "column" else None,
                columns is not None and kind == "column",
            )
            return
        if isinstance(base, ast.Attribute) and base.attr in ("loc", "iloc", "at", "iat", "ix"):
            if isinstance(target.slice, ast.Tuple) and base.attr in ("loc", "at", "ix"):
                rows = target.slice.elts[0]
                whole = isinstance(rows, ast.Slice) and rows.lower is None and rows.upper is None
                columns = _columns(flow, target.slice.elts[-1])
                if isinstance(base.value, ast.Name):
                    yield Effect(name, "column", columns, whole and columns is not None)
                    return
            if isinstance(base.value, (ast.Subscript, ast.Attribute)):
                yield Effect(name, "column", _column_of(flow, base.value))
                return
            yield Effect(name, "mutate")
            return
        yield Effect(name, "column", _column_of(flow, base))


def _column_of(flow: Flow, node: ast.expr) -> tuple[str, ...] | None:
    """Return the column that ``df['a']`` or ``df.a`` names."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return _columns(flow, node.slice)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        if flow.val(node.value).kind == "frame" and node.attr not in ("loc", "iloc", "values"):
            return (node.attr,)
    return None


def _call(flow: Flow, statement: ast.stmt, call: ast.Call) -> Iterator[Effect]:
    function = call.func
    rule = flow.rule(call)
    if isinstance(function, ast.Name):
        definition = flow.functions.get(function.id)
        if definition is not None:
            changed = mutated_parameters(definition)
            for parameter, argument in zip(definition.args.args, call.args, strict=False):
                if parameter.arg in changed and isinstance(argument, ast.Name):
                    yield Effect(argument.id, "mutate")
        return
    if not isinstance(function, ast.Attribute):
        return
    receiver = function.value
    name = base_name(receiver)
    if name is None:
        return
    if rule == "fit" and flow.val(receiver).role == "module":
        return  # ``xgb.train(...)``: the library is not what learns
    if rule in ("fit", "fused:fit_transform", "fused:fit_predict") and isinstance(
        receiver, ast.Name
    ):
        yield Effect(name, "learn", strong=True)
        return
    if rule == "fit":
        yield Effect(name, "mutate")
        return
    if literal(keyword(call, "inplace")) is True:
        if isinstance(receiver, ast.Name):
            if rule in ("filter", "reorder"):
                yield Effect(name, "select")
            elif function.attr == "drop" and flow.val(receiver).kind == "frame":
                yield Effect(name, "drop", _columns(flow, dropped(call)))
            else:
                yield Effect(name, "mutate")
        else:
            yield Effect(name, "column", _column_of(flow, receiver))
        return
    val = flow.val(receiver)
    if isinstance(receiver, ast.Name) and function.attr == "pop" and val.kind == "frame":
        yield Effect(name, "drop", _columns(flow, call.args[0] if call.args else None))
    elif (
        isinstance(statement, ast.Expr)
        and statement.value is call
        and isinstance(receiver, ast.Name)
    ):
        if val.kind == "frame" and function.attr in ("insert", "update"):
            columns = (
                _columns(flow, call.args[1])
                if function.attr == "insert" and len(call.args) > 1
                else None
            )
            yield Effect(name, "column" if columns else "mutate", columns)
        elif (function.attr in MUTATORS and val.kind != "frame") or function.attr in BUILDERS:
            yield Effect(name, "mutate")


def mutated_parameters(definition: ast.FunctionDef) -> set[str]:
    """Return the parameters that a function changes in place."""
    parameters = {a.arg for a in definition.args.args}
    changed: set[str] = set()
    for node in walk(definition):
        if isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(
            node.ctx, (ast.Store, ast.Del)
        ):
            changed.add(base_name(node) or "")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if literal(keyword(node, "inplace")) is True or node.func.attr in (
                "insert",
                "pop",
                "update",
                "append",
            ):
                changed.add(base_name(node.func) or "")
    return changed & parameters
