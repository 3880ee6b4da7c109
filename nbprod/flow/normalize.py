"""Rewrite a program so that its learning is straight-line code: same meaning, fewer shapes.

Helpers that learn, filter or fit are expanded where they are called, loops over tables are written
out, paired assignments are split. Every new statement keeps the cell and line it came from.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from typing import Any, TypeVar

from nbprod.flow.tree import walk
from nbprod.flow.values import Flow

BLOCKS = ("body", "orelse", "finalbody")


def normalize(flow: Flow) -> list[ast.stmt]:
    """Return the program with one round of rewriting applied (the same list when nothing changed)."""
    rewriter = _Normalizer(flow)
    body = rewriter.block(flow.body)
    return body if rewriter.changed else flow.body


N = TypeVar("N", bound=ast.AST)


class _Normalizer:
    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.changed = False
        self.lists: dict[str, ast.expr] = {}
        self.globals = {
            n.id
            for s in flow.body
            if not isinstance(s, (ast.FunctionDef, ast.ClassDef))
            for n in walk(s)
            if isinstance(n, ast.Name)
        }
        self.count = 0

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        out: list[ast.stmt] = []
        for statement in body:
            out.extend(self.statement(statement))
        return out

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            return [node]
        if (
            isinstance(node, ast.Assign)
            and len(node.targets) == 1
            and isinstance(node.targets[0], ast.Name)
        ) and isinstance(node.value, (ast.List, ast.Tuple, ast.Dict)):
            self.lists[node.targets[0].id] = node.value
        if isinstance(node, ast.For):
            unrolled = self._unroll(node)
            if unrolled is not None:
                self.changed = True
                return self.block(unrolled)
        for name in BLOCKS:
            inner = getattr(node, name, None)
            if inner and isinstance(inner[0], ast.stmt):
                new = self.block(inner)
                if new != inner:
                    node = copy.copy(node)
                    setattr(node, name, new)
        pairs = self._pairs(node)
        if pairs is not None:
            self.changed = True
            return pairs
        expanded = self._expand(node)
        if expanded is not None:
            self.changed = True
            return expanded
        return [node]

    # -- a, b = x, y -----------------------------------------------------------------------------
    def _pairs(self, node: ast.stmt) -> list[ast.stmt] | None:
        if not (isinstance(node, ast.Assign) and len(node.targets) == 1):
            return None
        target, value = node.targets[0], node.value
        if isinstance(value, (ast.ListComp, ast.GeneratorExp)) and isinstance(
            target, (ast.Tuple, ast.List)
        ):
            value = self._spread(value, len(target.elts)) or value
        if not (
            isinstance(target, (ast.Tuple, ast.List))
            and isinstance(value, (ast.Tuple, ast.List))
            and len(target.elts) == len(value.elts)
            and not any(isinstance(e, ast.Starred) for e in [*target.elts, *value.elts])
        ):
            return None
        done: set[str] = set()
        out: list[ast.stmt] = []
        for part, expr in zip(target.elts, value.elts, strict=True):
            if {n.id for n in walk(expr) if isinstance(n, ast.Name)} & done:
                return None
            done |= {n.id for n in walk(part) if isinstance(n, ast.Name)}
            out.append(_like(node, ast.Assign([part], expr)))
        return out

    def _spread(self, value: ast.ListComp | ast.GeneratorExp, count: int) -> ast.Tuple | None:
        generator = value.generators[0]
        if (
            len(value.generators) != 1
            or generator.ifs
            or not isinstance(generator.target, ast.Name)
        ):
            return None
        items = self._elements(generator.iter)
        if items is None or len(items) != count:
            return None
        return ast.Tuple(
            [_substitute(value.elt, {generator.target.id: item}) for item in items], ast.Load()
        )

    def _elements(self, node: ast.expr) -> list[ast.expr] | None:
        if isinstance(node, ast.Name):
            node = self.lists.get(node.id, node)
        if isinstance(node, (ast.List, ast.Tuple)):
            return list(node.elts)
        return None

    # -- for d in [train, test] --------------------------------------------------------------------
    def _unroll(self, node: ast.For) -> list[ast.stmt] | None:
        if node.orelse or not isinstance(node.target, ast.Name):
            return None
        items = self._elements(node.iter)
        if not items or not all(isinstance(i, ast.Name) for i in items):
            return None
        vals = [self.flow.val(i) for i in items]
        if not all(
            v.kind in ("frame", "series", "array") and v.role in ("row", "stat") for v in vals
        ):
            return None
        if any(isinstance(n, (ast.Break, ast.Continue)) for n in walk(node)):
            return None
        rebound = node.target.id in _assigned(node.body)
        out: list[ast.stmt] = []
        for index, item in enumerate(items):
            if rebound:
                first = _like(node, ast.Assign([ast.Name(node.target.id, ast.Store())], item))
                out.append(first)
                out.extend(copy.deepcopy(node.body))
            else:
                for position, inner in enumerate(node.body):
                    new = _substitute(inner, {node.target.id: item})
                    if index == 0 and position == 0:
                        new.lead = [*getattr(node, "lead", []), *getattr(inner, "lead", [])]  # type: ignore[attr-defined]
                    elif index > 0:
                        for part in walk(new):
                            if isinstance(part, ast.stmt):
                                part.lead = []  # type: ignore[attr-defined]
                    out.append(new)
        return out

    # -- helpers ---------------------------------------------------------------------------------
    def _expand(self, node: ast.stmt) -> list[ast.stmt] | None:
        if not isinstance(node, (ast.Assign, ast.Expr, ast.AugAssign, ast.AnnAssign)):
            return None
        if node.value is None:
            return None
        call = self._helper_call(node.value)
        if call is None:
            return None
        if call is not node.value:
            self.count += 1
            assert isinstance(call.func, ast.Name)
            name = (
                f"{call.func.id}_result"
                if self.count == 1
                else f"{call.func.id}_result_{self.count}"
            )
            first = _like(node, ast.Assign([ast.Name(name, ast.Store())], call))
            rest: Any = copy.copy(node)
            rest.value = _Replace(call, ast.Name(name, ast.Load())).visit(
                _copy_except(node.value, call)
            )
            rest.lead = []
            return [*(self._expand(first) or [first]), rest]
        target = (
            node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        )
        if isinstance(node, (ast.AugAssign, ast.AnnAssign)) or (
            isinstance(node, ast.Assign) and target is None
        ):
            return None
        assert isinstance(call.func, ast.Name)
        return self._inline(node, self.flow.functions[call.func.id], call, target)

    def _helper_call(self, expression: ast.expr) -> ast.Call | None:
        for node in _outside_functions(expression):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in self.flow.impure
                and node.func.id in self.flow.functions
                and node.func.id not in self.flow.selectors
                and inlinable(self.flow.functions[node.func.id], node)
            ):
                return node
        return None

    def _inline(
        self, node: ast.stmt, definition: ast.FunctionDef, call: ast.Call, target: ast.expr | None
    ) -> list[ast.stmt]:
        parameters = [
            *definition.args.posonlyargs,
            *definition.args.args,
            *definition.args.kwonlyargs,
        ]
        values: dict[str, ast.expr] = {}
        positional = [*definition.args.posonlyargs, *definition.args.args]
        defaults = definition.args.defaults
        for parameter, default in zip(
            positional[len(positional) - len(defaults) :], defaults, strict=True
        ):
            values[parameter.arg] = default
        for parameter, default2 in zip(
            definition.args.kwonlyargs, definition.args.kw_defaults, strict=True
        ):
            if default2 is not None:
                values[parameter.arg] = default2
        values.update({p.arg: a for p, a in zip(positional, call.args, strict=False)})
        values.update({k.arg: k.value for k in call.keywords if k.arg})
        body = definition.body
        assigned = _assigned(body)
        names: dict[str, ast.expr] = {}
        first: list[ast.stmt] = []
        returned = body[-1].value if isinstance(body[-1], ast.Return) else None
        for parameter in parameters:
            value = values.get(parameter.arg)
            if value is None:
                continue
            simple = isinstance(value, (ast.Name, ast.Constant)) or _short(value)
            same = (
                isinstance(value, ast.Name)
                and isinstance(target, ast.Name)
                and value.id == target.id
                and isinstance(returned, ast.Name)
                and returned.id == parameter.arg
            )
            if same or (simple and parameter.arg not in assigned):
                names[parameter.arg] = value
            else:
                local = self._fresh(parameter.arg, definition.name)
                names[parameter.arg] = ast.Name(local, ast.Load())
                first.append(_like(node, ast.Assign([ast.Name(local, ast.Store())], value)))
        wanted = _target_names(target)
        returned_names = (
            [e.id for e in _parts(returned) if isinstance(e, ast.Name)] if returned else []
        )
        for local in sorted(assigned - set(names)):
            if local in returned_names and len(wanted) == len(_parts(returned)):
                position = [
                    e.id if isinstance(e, ast.Name) else "" for e in _parts(returned)
                ].index(local)
                if wanted[position] and wanted[position] not in _reads(body, local):
                    names[local] = ast.Name(wanted[position], ast.Load())
                    continue
            names[local] = ast.Name(self._fresh(local, definition.name), ast.Load())
        out = list(first)
        statements = body[:-1] if isinstance(body[-1], ast.Return) else body
        if (
            statements
            and isinstance(statements[0], ast.Expr)
            and isinstance(statements[0].value, ast.Constant)
        ):
            statements = statements[1:]
        for inner in statements:
            new = _substitute(inner, names)
            new.via = node  # type: ignore[attr-defined]
            for part in walk(new):
                if isinstance(part, (ast.stmt, ast.Call)):
                    part.via = getattr(part, "via", None) or node  # type: ignore[union-attr]
                    part.helper = definition.name  # type: ignore[union-attr]
            out.append(new)
        if returned is not None and target is not None:
            answer = _substitute(returned, names)
            if ast.dump(_load(target)) != ast.dump(_load(answer)):
                final = ast.Assign([target], answer)
                out.append(_like(node, final))
        self.globals |= {n.id for s in out for n in walk(s) if isinstance(n, ast.Name)}
        return out

    def _fresh(self, local: str, helper: str) -> str:
        if local not in self.globals:
            self.globals.add(local)
            return local
        name = f"{local}_{helper}"
        count = 2
        self.flow.renamed[name] = local
        while name in self.globals:
            name = f"{local}_{helper}_{count}"
            count += 1
        self.globals.add(name)
        self.flow.renamed[name] = local
        return name


def inlinable(definition: ast.FunctionDef, call: ast.Call) -> bool:
    """Say whether a helper can be written out at the call: one way in, one way out."""
    if definition.args.vararg or definition.args.kwarg or definition.decorator_list:
        return False
    if any(isinstance(a, ast.Starred) for a in call.args) or any(
        k.arg is None for k in call.keywords
    ):
        return False
    returns = 0
    for node in _outside_functions(definition, skip_root=True):
        if isinstance(node, (ast.Yield, ast.YieldFrom, ast.Global, ast.Nonlocal)):
            return False
        returns += isinstance(node, ast.Return)
    return returns == 0 or (returns == 1 and isinstance(definition.body[-1], ast.Return))


def last_iteration(
    body: list[ast.stmt], loop: ast.For, choose: str | None = None
) -> list[ast.stmt]:
    """Replace a loop by its last round: what its variables hold when the loop is over."""
    listed = ast.Call(ast.Name("list", ast.Load()), [loop.iter], [])
    last = ast.Subscript(listed, ast.Constant(-1), ast.Load())
    first = _like(loop, ast.Assign([loop.target], last))
    for node in walk(first):
        node.cell = loop.cell  # type: ignore[attr-defined]
        if isinstance(node, (ast.expr, ast.stmt)):
            ast.copy_location(node, loop)
    out: list[ast.stmt] = []
    for statement in body:
        if statement is loop:
            out.append(first)
            out.extend(loop.body)
            continue
        for name in BLOCKS:
            inner = getattr(statement, name, None)
            if inner and isinstance(inner[0], ast.stmt) and any(s is loop for s in walk(statement)):
                statement = copy.copy(statement)
                setattr(statement, name, last_iteration(inner, loop))
        out.append(statement)
    return out


# -- small tree tools ------------------------------------------------------------------------------
class _Names(ast.NodeTransformer):
    def __init__(self, names: dict[str, ast.expr]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        value = self.names.get(node.id)
        if value is None:
            return node
        if isinstance(node.ctx, ast.Load):
            new = copy.deepcopy(value)
        elif isinstance(value, ast.Name):
            new = ast.Name(value.id, node.ctx)
        else:
            return node
        ast.copy_location(new, node)
        for part in walk(new):
            part.cell = getattr(node, "cell", 1)  # type: ignore[attr-defined]
        return new

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        hidden = {a.arg for a in [*node.args.args, *node.args.kwonlyargs]}
        inner = _Names({k: v for k, v in self.names.items() if k not in hidden})
        node.body = inner.visit(node.body)
        return node


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.expr) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else super().visit(node)


def _copy_except(node: ast.expr, keep: ast.AST) -> ast.expr:
    return copy.deepcopy(node, {id(keep): keep})


def _substitute(node: N, names: dict[str, ast.expr]) -> N:
    return _Names(names).visit(copy.deepcopy(node))  # type: ignore[no-any-return]


def _like(template: ast.stmt, node: ast.stmt) -> ast.stmt:
    ast.copy_location(node, template)
    for attribute in ("cell", "lead", "trail", "via", "helper"):
        if hasattr(template, attribute):
            setattr(node, attribute, getattr(template, attribute))
    for part in walk(node):
        if not hasattr(part, "cell"):
            part.cell = getattr(template, "cell", 1)  # type: ignore[attr-defined]
        if isinstance(part, ast.expr) and not hasattr(part, "lineno"):
            ast.copy_location(part, template)
    return node


def _assigned(body: list[ast.stmt]) -> set[str]:
    names: set[str] = set()
    for statement in body:
        for node in _outside_functions(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                names.add(node.name)
    return names


def _reads(body: list[ast.stmt], before: str) -> set[str]:
    """Return the names that the body reads (a local renamed to one of them would capture it)."""
    return {
        n.id
        for s in body
        for n in walk(s)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id != before
    } - _assigned(body)


def _outside_functions(root: ast.AST, skip_root: bool = False) -> Iterator[ast.AST]:
    """Walk a tree without entering nested functions and comprehensions' scopes."""
    stack: list[ast.AST] = [root]
    while stack:
        node = stack.pop(0)
        yield node
        if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef)) and not (
            skip_root and node is root
        ):
            continue
        stack = [*ast.iter_child_nodes(node), *stack]


def _short(node: ast.expr) -> bool:
    return len(ast.dump(node)) < 400 and not any(
        isinstance(n, (ast.Call, ast.Lambda, ast.ListComp)) for n in walk(node)
    )


def _parts(node: ast.expr | None) -> list[ast.expr]:
    if node is None:
        return []
    return list(node.elts) if isinstance(node, (ast.Tuple, ast.List)) else [node]


def _target_names(target: ast.expr | None) -> list[str]:
    return [e.id if isinstance(e, ast.Name) else "" for e in _parts(target)]


def _load(node: ast.expr) -> ast.expr:
    new = copy.deepcopy(node)
    for part in walk(new):
        if hasattr(part, "ctx"):
            part.ctx = ast.Load()
    return new
