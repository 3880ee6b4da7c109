"""The statements of a notebook that make what a function reads."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nbprod.flow.scope import DISPLAY_MODULES, base_name
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.split.effects import effects
from nbprod.split.request.find import free_names
from nbprod.split.seeds import seeds

# Methods that look at an object that is no table and leave it as it was.
LOOKS = frozenset(
    """predict predict_proba decision_function score transform summary items keys values get copy head tail
    info describe plot hist show print format join split""".split()
)
SAME_OBJECT = frozenset(
    ("values", "T", "to_numpy", "view", "reshape", "ravel", "array", "iloc", "loc")
)
SHOWS = frozenset(("print", "display", "len", "help", "type"))


@dataclass(frozen=True)
class Kept:
    """Statements in document order, and the notebook's functions and classes that they or a request use."""

    body: tuple[ast.stmt, ...]
    functions: tuple[ast.FunctionDef, ...]
    classes: tuple[ast.ClassDef, ...]
    reads: frozenset[str]  # every name that is read


def backwards(flow: Flow, before: list[ast.stmt], wanted: set[str]) -> Kept:
    """Return what makes the variables ``wanted``, looking back from the end of ``before``.

    A statement that may change an object in place is kept: one too many costs time in training, one too
    few would change the answers.
    """
    aliases = _aliases(flow, before)
    defined: dict[str, set[str]] = {}  # what a function reads when it is called, wherever it stands
    for node in before:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            defined[node.name] = defined.get(node.name, set()) | free_names(node)
    live = _with_reads(wanted, defined)
    body: list[ast.stmt] = []
    functions: list[ast.FunctionDef] = []
    classes: list[ast.ClassDef] = []
    for node in reversed(before):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            if node.name in live:
                live.discard(node.name)
                live |= free_names(node)
                (functions if isinstance(node, ast.FunctionDef) else classes).append(node)  # type: ignore[arg-type]
            continue
        if body and seeds(node):
            body.append(node)
            continue
        changed = changes(flow, node)
        around = live.union(*(group for group in aliases if group & live))
        if not changed & around:
            continue
        body.append(node)
        if (
            isinstance(node, ast.Assign)
            and len(node.targets) == 1
            and isinstance(node.targets[0], ast.Name)
        ):
            live.discard(node.targets[0].id)
        read = {
            part.id
            for part in walk(node)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
        }
        live |= _with_reads(read, defined)
        live |= {n for n in changed & around if not isinstance(node, ast.Assign)}
    return Kept(
        tuple(reversed(body)),
        tuple(reversed(functions)),
        tuple(reversed(classes)),
        frozenset(live),
    )


def _with_reads(names: set[str], defined: dict[str, set[str]]) -> set[str]:
    """Return names with what the functions among them read, themselves and through others."""
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= defined.get(name, set()) - found
    return found


def changes(flow: Flow, node: ast.stmt) -> set[str]:
    """Return the names that a statement, and those inside it, bind or may change in place."""
    found: set[str] = set()
    for part in walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, (ast.Store, ast.Del)):
            found.add(part.id)
        elif isinstance(part, (ast.Subscript, ast.Attribute)) and isinstance(
            part.ctx, (ast.Store, ast.Del)
        ):
            found.add(base_name(part) or "")
        if isinstance(part, ast.stmt):
            found |= {effect.name for effect in effects(flow, part)}
        if isinstance(part, ast.Expr):
            found |= _called(flow, part.value)
    return found - {""}


def _called(flow: Flow, node: ast.expr) -> set[str]:
    """Return what a call that stands for itself may change: its receiver, and what it is handed."""
    if not isinstance(node, ast.Call):
        return set()
    root = base_name(node.func) or ""
    module = flow.imports.get(root, "")
    if root in SHOWS or module.split(".")[0] in DISPLAY_MODULES:
        return set()
    handed = {
        part.id
        for argument in [*node.args, *(k.value for k in node.keywords)]
        for part in walk(argument)
        if isinstance(part, ast.Name)
    }
    if isinstance(node.func, ast.Attribute) and not module:
        receiver = flow.val(node.func.value)
        if receiver.is_row and receiver.kind in ("frame", "series"):
            return set()  # what changes a table in place is known to be one of its effects
        if node.func.attr in LOOKS:
            return set()
        return {root} | (handed if node.func.attr not in ("fit", "append") else set())
    return handed


def _aliases(flow: Flow, body: list[ast.stmt]) -> list[set[str]]:
    """Return groups of names that may be one object, or share one's memory."""
    groups: list[set[str]] = []
    for node in body:
        if not isinstance(node, ast.Assign):
            continue
        shared = {_shared(node.value), *_held(flow, node.value)} - {""}
        for target in node.targets:
            if shared and isinstance(target, ast.Name) and shared != {target.id}:
                touching = [g for g in groups if g & {target.id, *shared}]
                merged = {target.id, *shared}.union(*touching)
                groups = [g for g in groups if g not in touching] + [merged]
    return groups


def _held(flow: Flow, node: ast.expr) -> set[str]:
    """Return the objects that a new one may hold on to and change, as an optimiser does with a network."""
    if not isinstance(node, ast.Call):
        return set()
    if not ast.unparse(node.func).rsplit(".", 1)[-1][:1].isupper():
        return set()
    return {
        part.id
        for argument in [*node.args, *(k.value for k in node.keywords)]
        for part in walk(argument)
        if isinstance(part, ast.Name)
        and part.id not in flow.imports
        and flow.val(part).kind in ("any", "estimator", "model")
        and not flow.val(part).known
    }


def _shared(node: ast.expr) -> str:
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr not in SAME_OBJECT:
                return ""
            node = node.func.value
        elif isinstance(node, ast.Attribute):
            if node.attr not in SAME_OBJECT:
                return ""
            node = node.value
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            return ""
    return node.id
