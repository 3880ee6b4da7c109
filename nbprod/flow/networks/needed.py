"""Which statements of a notebook a training needs that the rest of its package does not have."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable

from nbprod.flow.scope import base_name
from nbprod.flow.statsmodels_calls import qualified
from nbprod.flow.tree import own_expressions, walk

SEEDS = ("seed", "manual_seed", "manual_seed_all", "set_seed", "seed_everything")
DEFINITIONS = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
BUILTINS = frozenset(dir(builtins))
FILLS = ("append", "extend", "insert", "add", "add_module", "update", "setdefault")


class Needed:
    """Collects statements backwards from the end of a training."""

    def __init__(self, body: list[ast.stmt], imports: dict[str, str]) -> None:
        self.body = body
        self.imports = imports
        self.defined = {s.name: s for s in body if isinstance(s, (ast.FunctionDef, ast.ClassDef))}

    def statements(self, end: ast.stmt, own: Callable[[ast.stmt], bool]) -> list[ast.stmt]:
        """Return the statements up to ``end`` that make or change what it reads, where ``own`` says they belong to a training."""
        live = self.reads(end)
        inside = _stored(end)
        kept = [end]
        place = next(i for i, s in enumerate(self.body) if s is end)
        for node in reversed(self.body[:place]):
            if isinstance(node, DEFINITIONS):
                continue
            changed = self._changed(node)
            starts = bool(changed & inside & live) and _is_start(node)
            if self.seeds(node) or self.settles(node) or (changed & live and (own(node) or starts)):
                kept.insert(0, node)
                live |= self.reads(node)
                inside |= _stored(node) if own(node) else set()
        return kept

    def _changed(self, node: ast.stmt) -> set[str]:
        return set(_changed(node)) - set(self.imports)

    def seeds(self, node: ast.stmt) -> bool:
        """Say whether a statement seeds a generator, itself or by a function of the notebook."""
        for call in own_expressions(node):
            if isinstance(call, ast.Call):
                name = ast.unparse(call.func).rsplit(".", 1)[-1]
                inner = self.defined.get(name) if isinstance(call.func, ast.Name) else None
                if name in SEEDS or (inner is not None and any(map(self._seeded, walk(inner)))):
                    return True
        return False

    def _seeded(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] in SEEDS[:3]

    def settles(self, node: ast.stmt) -> bool:
        """Say whether a statement changes how PyTorch computes, such as its default type."""
        if isinstance(node, ast.Assign):
            return any(self._of_torch(t) for t in node.targets if isinstance(t, ast.Attribute))
        call = node.value if isinstance(node, ast.Expr) else None
        if not isinstance(call, ast.Call):
            return False
        name = qualified(self.imports, call.func)
        return name.startswith("torch.") and name.rsplit(".", 1)[-1].startswith(("set_", "use_"))

    def _of_torch(self, node: ast.expr) -> bool:
        return qualified(self.imports, node).startswith("torch.")

    def reads(self, node: ast.AST) -> set[str]:
        """Return the names that a statement reads, with those that its functions and classes read."""
        found: set[str] = set()
        waiting = [node]
        seen: set[str] = set()
        while waiting:
            part = waiting.pop()
            names = free(part)
            found |= names
            for name in names & set(self.defined) - seen:
                seen.add(name)
                waiting.append(self.defined[name])
        return found


def free(node: ast.AST) -> set[str]:
    """Return the names that a statement reads, for a function or a class those from around it."""
    loaded = {n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        stored = {
            n.id for n in walk(node) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)
        }
        inner = {s.name for s in walk(node) if isinstance(s, (ast.FunctionDef, ast.ClassDef))}
        loaded -= stored | inner | {a.arg for a in walk(node) if isinstance(a, ast.arg)}
    else:
        loaded |= {
            s.target.id
            for s in walk(node)
            if isinstance(s, ast.AugAssign) and isinstance(s.target, ast.Name)
        }
    return loaded - BUILTINS


def _changed(node: ast.stmt) -> list[str]:
    """Return the names that a statement binds, or whose objects it changes by a method."""
    found = [
        n.id for n in walk(node) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)
    ]
    for part in walk(node):
        if isinstance(part, (ast.Subscript, ast.Attribute)) and not isinstance(part.ctx, ast.Load):
            found.append(base_name(part) or "")
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            found.append(base_name(part.func) or "")
    return found


def _stored(node: ast.stmt) -> set[str]:
    """Return the names that a statement binds or fills; a method that only reads a table changes nothing."""
    found = {
        n.id for n in walk(node) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)
    }
    for part in walk(node):
        if isinstance(part, (ast.Subscript, ast.Attribute)) and not isinstance(part.ctx, ast.Load):
            found.add(base_name(part) or "")
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            if part.func.attr in FILLS:
                found.add(base_name(part.func) or "")
    return found


def _is_start(node: ast.stmt) -> bool:
    """Say whether a statement gives a name the value that a loop starts from, such as a literal or a size."""
    if not isinstance(node, ast.Assign):
        return False
    calls = [ast.unparse(n.func) for n in walk(node.value) if isinstance(n, ast.Call)]
    return set(calls) <= {"len", "float", "int", "list", "dict"}


__all__ = ["BUILTINS", "Needed", "free"]
