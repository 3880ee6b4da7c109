"""Follow networks, tensors and outputs through the statements of a notebook and the functions that they call."""

from __future__ import annotations

import ast

from nbprod.flow.networks.calls import CallReader
from nbprod.flow.networks.rows import KNOWN
from nbprod.flow.networks.values import Group, Loss, Network, Output, Rows, Value
from nbprod.flow.scope import literal
from nbprod.flow.tree import walk

DEEPEST = 4  # calls of functions of the notebook inside each other
BLOCKS = ("body", "orelse", "finalbody")


class Reader(CallReader):
    """Knows what the names of a program hold; ``said`` has the outputs with their places, ``pairs`` what a loss compares."""

    def __init__(self, body: list[ast.stmt], imports: dict[str, str]) -> None:
        self.imports = imports
        self.env: dict[str, Value] = {}
        self.functions = {s.name: s for s in body if isinstance(s, ast.FunctionDef)}
        self.classes = {s.name: s for s in body if isinstance(s, ast.ClassDef)}
        self.fixed = _fixed(body)
        self.loops = 0
        self.depth = 0
        self.said: list[tuple[Output, ast.expr, bool]] = []
        self.pairs: list[tuple[Output, Rows]] = []
        self.stepped: list[Network] = []
        self.losses: list[str] = []
        self.unclear: list[tuple[Network, ast.expr]] = []  # choices by what is computed
        self.several = False  # a network gets more than one table
        self.lost: ast.Call | None = None  # a call of another library that gets tensors of rows
        self.training = True  # the mode of the network, where the notebook sets it
        self.returned: list[Value] = []

    # -- statements --------------------------------------------------------------------------------
    def block(self, body: list[ast.stmt]) -> None:
        """Read statements one after the other."""
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        """Read one statement."""
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            return
        if isinstance(node, ast.Assign):
            value = self._seen(node.value)
            for target in node.targets:
                self._bind(target, value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._bind(node.target, self._seen(node.value))
        elif isinstance(node, ast.AugAssign):
            self._seen(node.value)
        elif isinstance(node, ast.Return):
            self.returned.append(self._seen(node.value) if node.value is not None else None)
        elif isinstance(node, ast.For):
            self._bind(node.target, self.ev(node.iter))
            self.loops += 1
            self.block(node.body)
            self.loops -= 1
            self.block(node.orelse)
        elif isinstance(node, ast.While):
            self.loops += 1
            self.block(node.body)
            self.loops -= 1
        else:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self._seen(child)
                elif isinstance(child, ast.withitem):
                    self.ev(child.context_expr)
            for name in BLOCKS:
                self.block(getattr(node, name, None) or [])
            for handler in getattr(node, "handlers", []):
                self.block(handler.body)

    def _seen(self, node: ast.expr) -> Value:
        """Evaluate an expression, and note the outputs that it gives away."""
        found = self.ev(node)
        for part in found.items if isinstance(found, Group) else (found,):
            if isinstance(part, Output):
                self.said.append((part, node, not self.loops and not self.depth))
        return found

    def _bind(self, target: ast.expr, value: Value) -> None:
        if isinstance(target, ast.Name):
            if value is None:
                self.env.pop(target.id, None)
            else:
                self.env[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            items = value.items if isinstance(value, Group) else ()
            for place, part in enumerate(target.elts):
                self._bind(part, items[place] if place < len(items) else None)

    # -- expressions -------------------------------------------------------------------------------
    def ev(self, node: ast.expr | None) -> Value:
        """Return the value of an expression, None when it is none of those that matter."""
        if node is None:
            return None
        if isinstance(node, ast.Name):
            return self.env.get(node.id)
        method = getattr(self, f"ev_{type(node).__name__}", None)
        if method is not None:
            found: Value = method(node)
            return found
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self._seen(child)
        return None

    def ev_Tuple(self, node: ast.Tuple | ast.List) -> Value:
        found = tuple(self.ev(e) for e in node.elts)
        return Group(found) if any(found) else None

    ev_List = ev_Tuple

    def ev_Dict(self, node: ast.Dict) -> Value:
        found = tuple(self.ev(v) for v in node.values)
        keys = tuple(k.value if isinstance(k, ast.Constant) else None for k in node.keys)
        return Group(found, keys) if any(found) else None

    def ev_Attribute(self, node: ast.Attribute) -> Value:
        qual = self.qual(node)
        if qual.startswith("torch.nn.functional.") and node.attr in KNOWN["losses"]:
            return Loss(node.attr)
        found = self.ev(node.value)
        if isinstance(found, (Rows, Output)) and node.attr == "data":
            return found
        if isinstance(found, Group) and node.attr == "indices" and len(found.items) == 2:
            return found.items[1]
        if isinstance(found, Rows) and not found.tensor and node.attr == "values":
            return Rows(found.source, ast.Attribute(found.text, "values", ast.Load()))
        if isinstance(found, Group) and node.attr == "dataset":
            return found
        return self.env.get(ast.unparse(node)) if isinstance(node.value, ast.Name) else None

    def ev_Subscript(self, node: ast.Subscript) -> Value:
        found = self.ev(node.value)
        key = node.slice
        if isinstance(found, Group):
            place = key.value if isinstance(key, ast.Constant) else None
            if place in found.keys:
                return found.items[found.keys.index(place)]
            return (
                found.items[place] if isinstance(place, int) and place < len(found.items) else found
            )
        if isinstance(found, Rows):
            return self.part_of_rows(found, key)
        if isinstance(found, Output):
            return self.part_of_output(found, key)
        return None

    def ev_Compare(self, node: ast.Compare) -> Value:
        found = self.compared(node)
        if found is None:
            for part in (node.left, *node.comparators):
                self._seen(part)
        return found

    def ev_BinOp(self, node: ast.BinOp) -> Value:
        self._compare_pair(self._seen(node.left), self._seen(node.right))
        return None

    def ev_NamedExpr(self, node: ast.NamedExpr) -> Value:
        found = self._seen(node.value)
        self._bind(node.target, found)
        return found

    def ev_Lambda(self, node: ast.Lambda) -> Value:
        return None

    def ev_ListComp(self, node: ast.ListComp | ast.GeneratorExp) -> Value:
        before = dict(self.env)
        for generator in node.generators:
            self._bind(generator.target, self.ev(generator.iter))
        self.loops += 1
        found = self._seen(node.elt)
        self.loops -= 1
        self.env = before
        return found

    ev_GeneratorExp = ev_ListComp


def _fixed(body: list[ast.stmt]) -> dict[str, ast.expr]:
    """Return the numbers that names hold which are assigned once."""
    stored = [
        n.id
        for s in body
        for n in walk(s)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    ]
    return {
        s.targets[0].id: s.value
        for s in body
        if isinstance(s, ast.Assign)
        and isinstance(s.targets[0], ast.Name)
        and stored.count(s.targets[0].id) == 1
        and isinstance(literal(s.value), (int, float))
    }


__all__ = ["Reader"]
