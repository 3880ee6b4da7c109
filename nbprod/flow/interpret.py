"""Abstract interpretation of a notebook: what every expression means for the rows."""

from __future__ import annotations

import ast

from nbprod.flow.own_functions import OwnFunctions
from nbprod.flow.own_rows import own_rows, places
from nbprod.flow.program import role_said
from nbprod.flow.scope import keyword, literal
from nbprod.flow.values import CONST, Flow, Val, join
from nbprod.knowledge import table


class Interpreter(OwnFunctions):
    """Statements."""

    def run(self) -> Flow:
        """Interpret the program and return what was found."""
        self.block(self.flow.body)
        self.flow.final = dict(self.env)
        return self.flow

    def block(self, body: list[ast.stmt]) -> None:
        """Interpret statements one after the other."""
        for statement in body:
            method = getattr(self, f"do_{type(statement).__name__}", None)
            if method is not None:
                method(statement)
            else:
                for child in ast.iter_child_nodes(statement):
                    if isinstance(child, ast.expr):
                        self.ev(child)

    # -- statements ------------------------------------------------------------------------------
    def do_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            qual = alias.name if alias.asname else alias.name.split(".")[0]
            self.env[name] = Val("module", "module", qual=qual)
            self.flow.imports[name] = qual

    def do_ImportFrom(self, node: ast.ImportFrom) -> None:
        known = table("pandas")["imports"]
        for alias in node.names:
            name = alias.asname or alias.name
            qual = f"{node.module}.{alias.name}"
            if alias.name in known["modules"]:
                self.env[name] = Val("module", "module", qual=qual)
            elif alias.name in known["classes"]:
                self.env[name] = Val("func", "module", qual=qual)
            else:
                self.env[name] = Val("func", "imported", qual=qual)
            self.flow.imports[name] = qual

    def do_Assign(self, node: ast.Assign) -> None:
        first = node.targets[0]
        self.naming = first.id if isinstance(first, ast.Name) else ""
        if isinstance(first, ast.Tuple) and first.elts and isinstance(first.elts[0], ast.Name):
            self.naming = first.elts[0].id
        if (
            isinstance(first, ast.Tuple)
            and isinstance(node.value, ast.Tuple)
            and len(first.elts) == len(node.value.elts)
        ):
            vals = []
            for part, expr in zip(first.elts, node.value.elts, strict=True):
                self.naming = part.id if isinstance(part, ast.Name) else ""
                vals.append(self.ev(expr))
            self.record(node.value, join(*vals).with_(kind="tuple", elems=tuple(vals)))
            for part, val in zip(first.elts, vals, strict=True):
                self.bind(part, val)
            self.naming = ""
            return
        val = self.ev(node.value)
        if self._said_to_load(node, val):
            val = self.source_of(node.value, "frame")
            self.record(node.value, val)
        self.naming = ""
        for target in node.targets:
            if isinstance(target, ast.Name) and isinstance(node.value, ast.Name) and val.is_row:
                self.alias(target.id, node.value.id)
            self.bind(target, val)

    def _said_to_load(self, node: ast.Assign, val: Val) -> bool:
        """A cell called ``load`` reads tables in ways that nobody else knows."""
        return (
            role_said(node) == "load"
            and self.depth == 0
            and len(node.targets) == 1
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Call)
            and val.role == "const"
            and not val.known
            and val.kind == "any"
        )

    def do_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.bind(node.target, self.ev(node.value))

    def do_AugAssign(self, node: ast.AugAssign) -> None:
        load = _as_load(node.target)
        val = join(self.ev(load), self.ev(node.value))
        self.flow.vals[id(node.target)] = self.flow.vals.get(id(load), val)
        self.bind(node.target, val)

    def do_Expr(self, node: ast.Expr) -> None:
        val = self.ev(node.value)
        call = node.value
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            return
        if literal(keyword(call, "inplace")) is not True:
            return
        receiver = call.func.value
        if isinstance(receiver, ast.Name) and val.is_row:
            self.env[receiver.id] = val.with_(elems=None)

    def do_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, (ast.Subscript, ast.Attribute)):
                self.ev(target.value)
                if isinstance(target, ast.Subscript):
                    self.ev(target.slice)

    def do_For(self, node: ast.For) -> None:
        iterable = self.ev(node.iter)
        rows = own_rows(node, self.ev)
        if rows is not None:
            iterable = places(node, rows, self.record)
            if hasattr(node.iter, "assumed"):
                self.assume(node.iter, node.iter.assumed)
        for _ in range(2):
            if iterable.kind in ("places", "index") and isinstance(node.target, ast.Name):
                self.bind(node.target, Val("elem", "place", iterable.axis, iterable.sources))
            elif iterable.kind == "groupby":
                part = iterable.with_(kind="frame", axis=self.axis(iterable.axis, "filter"))
                pair = (Val("stat", "scalar", sources=iterable.sources), part)
                self.bind(node.target, iterable.with_(kind="tuple", elems=pair))
            elif iterable.kind in ("rows",):
                self.bind(node.target, Val("elem", "any", iterable.axis, iterable.sources))
            elif iterable.kind in ("folds", "enumerate", "items"):
                self.bind(node.target, iterable)
            elif (
                iterable.kind == "list"
                and iterable.elems
                and iterable.is_row
                and isinstance(node.target, ast.Tuple)
            ):
                self.bind(node.target, iterable.with_(kind="tuple"))
            else:
                self.bind(node.target, self.element(iterable))
            self.block(node.body)
        self.block(node.orelse)

    def do_While(self, node: ast.While) -> None:
        for _ in range(2):
            self.ev(node.test)
            self.block(node.body)

    def do_If(self, node: ast.If) -> None:
        self.ev(node.test)
        before = dict(self.env)
        self.block(node.body)
        then, self.env = self.env, before
        self.block(node.orelse)
        for name in {*then, *self.env}:
            one, two = then.get(name), self.env.get(name)
            if one is None or two is None:
                self.env[name] = one or two or CONST
            elif one != two:
                self.env[name] = one if one.role == two.role else _stronger(one, two)

    def do_With(self, node: ast.With) -> None:
        for item in node.items:
            val = self.ev(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, val)
        self.block(node.body)

    def do_Try(self, node: ast.Try) -> None:
        self.block(node.body)
        for handler in node.handlers:
            self.block(handler.body)
        self.block(node.orelse)
        self.block(node.finalbody)

    def do_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.env[node.name] = Val("func", "function", fn=node)
        if self.depth == 0:
            self.flow.functions[node.name] = node

    def do_ClassDef(self, node: ast.ClassDef) -> None:
        self.env[node.name] = Val("func", "class", fn=node, qual=f"notebook.{node.name}")

    def do_Return(self, node: ast.Return) -> None:
        val = self.ev(node.value) if node.value is not None else Val("const", "none")
        if self.returns:
            self.returns[-1].append(val)


def _stronger(one: Val, two: Val) -> Val:
    order = {"row": 4, "elem": 3, "stat": 2}
    return one if order.get(one.role, 0) >= order.get(two.role, 0) else two


def _as_load(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.copy_location(ast.Name(target.id, ast.Load()), target)
    if isinstance(target, ast.Subscript):
        return ast.copy_location(ast.Subscript(target.value, target.slice, ast.Load()), target)
    assert isinstance(target, ast.Attribute)
    return ast.copy_location(ast.Attribute(target.value, target.attr, ast.Load()), target)


def interpret(body: list[ast.stmt], statistics: frozenset[str] = frozenset()) -> Flow:
    """Interpret a list of statements."""
    return Interpreter(body, statistics).run()
