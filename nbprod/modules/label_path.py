"""Keep of the label's path what the label reads: not the features that the notebook makes beside it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbprod.flow.scope import keyword
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow

Columns = frozenset[str] | None  # None: all of them
# Functions that change none of their arguments.
_HARMLESS = frozenset(
    """abs as_categories bool categories_of codes_of dict enumerate float group_values int len list max min
    predict_rows range round set sorted str sum tuple zip""".split()
)
_CHANGING = frozenset(["pop", "insert", "update"])
_SAME_ROWS = frozenset(["copy"])


def only_for_label(
    body: list[ast.stmt], y: ast.expr, flow: Flow
) -> tuple[list[ast.stmt], ast.expr]:
    """Return the statements that ``y`` depends on, and ``y`` with its last assignments written into it.

    Whatever is not surely another column of the same rows stays.
    """
    kept = _Backwards(flow, _groups(body)).run(body, y)
    while kept and isinstance(y, ast.Name) and _assigns(kept[-1], y.id):
        last = kept.pop()
        assert isinstance(last, ast.Assign)
        y = last.value
    return kept, y


def _assigns(node: ast.stmt, name: str) -> bool:
    return (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == name
    )


class _Backwards:
    """Which columns of which variables are needed behind a statement, from the last one to the first."""

    def __init__(self, flow: Flow, groups: dict[str, str]) -> None:
        self.flow, self.groups = flow, groups
        self.live: dict[str, Columns] = {}

    def run(self, body: list[ast.stmt], y: ast.expr) -> list[ast.stmt]:
        self._read(y)
        kept = [node for node in reversed(body) if not self._is_beside(node)]
        return kept[::-1]

    def _is_beside(self, node: ast.stmt) -> bool:
        """Say whether a statement changes nothing that is needed; note what it reads when it does."""
        if not {self._group(n.id) for n in walk(node) if isinstance(n, ast.Name)} & set(self.live):
            return True
        written = self._columns_written(node)
        if written is not None:
            table, columns = written
            needed = self.live.get(table, frozenset())
            if needed is not None and not needed & columns:
                return not self._may_change(node, table)
            self._read_all(node) if needed is None else self._read_parts(node, table, columns)
            return False
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name):
                return self._variable(target.id, node.value)
        self._read_all(node)
        return False

    def _variable(self, name: str, value: ast.expr) -> bool:
        group = self._group(name)
        if self._may_change(value, None):
            self._read_all(value)
            return False
        if group not in self.live:
            return True
        needed = self.live[group]
        if needed is not None and self._passes(value, needed) == name:
            return True
        if isinstance(value, ast.Name) and self._group(value.id) == group:
            return False  # another name for the same table
        if group == name:
            del self.live[group]
        self._read(value)
        return False

    def _passes(self, value: ast.expr, needed: frozenset[str]) -> str:
        """Return the variable whose needed columns are unchanged in ``value``, "" when there is none."""
        if isinstance(value, ast.Name):
            return value.id
        if not isinstance(value, ast.Call):
            return ""
        function = value.func
        if isinstance(function, ast.Name):
            return self._passes(value.args[0], needed) if function.id == "as_categories" else ""
        if not isinstance(function, ast.Attribute):
            return ""
        if function.attr == "drop":
            dropped = _dropped(value)
            columns = self._strings(dropped) if dropped is not None else None
            if columns is None or columns & needed:
                return ""
            return self._passes(function.value, needed)
        if function.attr == "get_dummies" and value.args and keyword(value, "prefix") is None:
            listed = keyword(value, "columns")
            columns = self._strings(listed) if listed is not None else None
            if columns is None or any(
                name == c or name.startswith(f"{c}_") for name in needed for c in columns
            ):
                return ""
            return self._passes(value.args[0], needed)
        if function.attr in _SAME_ROWS and not value.args and not value.keywords:
            return self._passes(function.value, needed)
        return ""

    # -- what a statement writes -----------------------------------------------------------------
    def _columns_written(self, node: ast.stmt) -> tuple[str, frozenset[str]] | None:
        """Return the table and the columns that a statement writes, when it does nothing else."""
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name) and not node.orelse:
            values = self._strings(node.iter)
            inner = [self._target(s, node.target.id) for s in node.body]
            if values and inner and all(found == inner[0] and found for found in inner):
                assert inner[0] is not None
                return inner[0][0], values
            return None
        return self._target(node, None)

    def _target(self, node: ast.stmt, variable: str | None) -> tuple[str, frozenset[str]] | None:
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign):
            targets = [node.target]
        elif isinstance(node, ast.Delete):
            targets = node.targets
        if len(targets) != 1 or not isinstance(targets[0], ast.Subscript):
            return None
        target = targets[0]
        base, key = target.value, target.slice
        if isinstance(base, ast.Attribute) and base.attr == "loc":
            if not (isinstance(key, ast.Tuple) and len(key.elts) == 2):
                return None
            base, key = base.value, key.elts[1]
        if not isinstance(base, ast.Name):
            return None
        if variable is not None:
            same = isinstance(key, ast.Name) and key.id == variable
            return (self._group(base.id), frozenset()) if same else None
        columns = self._strings(key)
        return None if columns is None else (self._group(base.id), columns)

    def _strings(self, node: ast.expr) -> frozenset[str] | None:
        """Return the strings of a literal, or of a name that stands for one."""
        if isinstance(node, ast.Name):
            val = self.flow.final.get(node.id)
            value = val.literal if val is not None and val.known else None
        else:
            try:
                value = ast.literal_eval(node)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                return None
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, (list, tuple, set)) or not all(
            isinstance(item, str) for item in listed
        ):
            return None
        return frozenset(listed)

    def _may_change(self, node: ast.AST, table: str | None) -> bool:
        """Say whether calls in a statement may change a needed object beside what it assigns."""
        for call in walk(node):
            if not isinstance(call, ast.Call):
                continue
            if isinstance(call.func, ast.Name) and call.func.id not in _HARMLESS:
                if any(
                    self._group(n) in self.live and self._group(n) != table for n in _bare(call)
                ):
                    return True
            elif isinstance(call.func, ast.Attribute):
                inplace = keyword(call, "inplace")
                if call.func.attr in _CHANGING or inplace is not None:
                    return True
        return False

    # -- what is read ----------------------------------------------------------------------------
    def _group(self, name: str) -> str:
        return self.groups.get(name, name)

    def _need(self, name: str, columns: Columns) -> None:
        group = self._group(name)
        before = self.live.get(group, frozenset())
        self.live[group] = None if before is None or columns is None else before | columns

    def _read(self, node: ast.AST) -> None:
        """Note the columns that an expression reads."""
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.value, ast.Name)
            and isinstance(node.ctx, ast.Load)
        ):
            columns = self._strings(node.slice)
            if columns is not None:
                self._need(node.value.id, columns)
                return
        if isinstance(node, ast.Name):
            self._need(node.id, None)
        for child in ast.iter_child_nodes(node):
            self._read(child)

    def _read_all(self, node: ast.AST) -> None:
        for part in walk(node):
            if isinstance(part, ast.Name):
                self._need(part.id, None)

    def _read_parts(self, node: ast.stmt, table: str, columns: frozenset[str]) -> None:
        """Note what a needed column is made of; what a mask leaves alone is needed still."""
        plain = (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Subscript)
            and isinstance(node.targets[0].value, ast.Name)
        )
        if not plain or self._may_change(node, table):
            self._read_all(node)
            return
        assert isinstance(node, ast.Assign)
        needed = self.live[table]
        assert needed is not None
        self.live[table] = needed - columns
        self._read(node.value)


def _dropped(call: ast.Call) -> ast.expr | None:
    """Return what names the columns in a ``drop``; None when rows may be dropped, or in place."""
    if keyword(call, "inplace") is not None or keyword(call, "index") is not None:
        return None
    columns = keyword(call, "columns")
    if columns is not None:
        return columns
    axis = keyword(call, "axis") or (call.args[1] if len(call.args) > 1 else None)
    labels = call.args[0] if call.args else keyword(call, "labels")
    sideways = isinstance(axis, ast.Constant) and axis.value in (1, "columns")
    return labels if sideways else None


def _bare(call: ast.Call) -> Iterator[str]:
    """Yield the variables that a call gets as they are."""
    for argument in [*call.args, *(k.value for k in call.keywords)]:
        for node in walk(argument):
            if isinstance(node, ast.Name):
                yield node.id


def _groups(body: list[ast.stmt]) -> dict[str, str]:
    """Map variables that may be the same object to one of them."""
    parent: dict[str, str] = {}

    def find(name: str) -> str:
        while parent.get(name, name) != name:
            name = parent[name]
        return name

    for statement in body:
        for node in walk(statement):
            names: list[str] = []
            if isinstance(node, ast.Assign):
                names = [
                    n.id
                    for part in [*node.targets, node.value]
                    for n in _elements(part)
                    if isinstance(n, ast.Name)
                ]
                if not any(isinstance(n, ast.Name) for n in _elements(node.value)):
                    names = []
            elif isinstance(node, ast.For):
                names = [
                    n.id
                    for part in (node.target, node.iter)
                    for n in _elements(part)
                    if isinstance(n, ast.Name)
                ]
            for name in names[1:]:
                parent[find(name)] = find(names[0])
    return {name: find(name) for name in parent}


def _elements(node: ast.expr) -> list[ast.expr]:
    return list(node.elts) if isinstance(node, (ast.List, ast.Tuple)) else [node]


__all__ = ["only_for_label"]
