"""Abstract interpretation of a notebook: what every expression means for the rows."""

from __future__ import annotations

import ast

from nbprod.flow.calls import Calls
from nbprod.flow.own_rows import own_rows, places
from nbprod.flow.program import role_said
from nbprod.flow.scope import base_name, keyword, literal
from nbprod.flow.tree import walk
from nbprod.flow.values import CONST, Flow, Val, join
from nbprod.knowledge import table

DEEPEST = 5


class Interpreter(Calls):
    """Statements."""

    def run(self) -> Flow:
        """Interpret the program and return what was found."""
        self.block(self.flow.body)
        self.flow.final = dict(self.env)
        return self.flow

    def block(self, body: list[ast.stmt]) -> None:
        for statement in body:
            method = getattr(self, f"do_{type(statement).__name__}", None)
            if method is not None:
                method(statement)
            else:
                for child in ast.iter_child_nodes(statement):
                    if isinstance(child, ast.expr):
                        self.ev(child)

    # -- bindings --------------------------------------------------------------------------------
    def bind(self, target: ast.AST, val: Val) -> None:
        """Assign an abstract value to a target."""
        if isinstance(target, ast.Name):
            self.env[target.id] = val
            self.flow.vals[id(target)] = val
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target, val)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, val)
        else:
            self._store_inside(target, val)

    def _unpack(self, target: ast.Tuple | ast.List, val: Val) -> None:
        count = len(target.elts)
        if val.kind == "folds":
            for part in target.elts:
                self.bind(part, Val("row", "index", None, val.sources))
        elif val.kind == "enumerate":
            inner = self.element(
                val.with_(kind="list" if val.elems or val.kind != "frame" else val.kind)
            )
            self.bind(target.elts[0], Val("const", "scalar"))
            for part in target.elts[1:]:
                self.bind(part, inner)
        elif val.kind == "items" and val.elems:
            self.bind(target.elts[0], Val("const", "scalar"))
            for part in target.elts[1:]:
                self.bind(part, join(*val.elems) if len(val.elems) > 1 else val.elems[0])
        elif val.elems is not None and len(val.elems) == count:
            for part, item in zip(target.elts, val.elems, strict=True):
                self.bind(part, item)
        else:
            item = val.with_(elems=None, known=False, literal=None)
            if val.kind == "tuple":
                item = item.with_(kind="any")
            for part in target.elts:
                self.bind(part, item)

    def _store_inside(self, target: ast.AST, val: Val) -> None:
        assert isinstance(target, (ast.Subscript, ast.Attribute))
        base = self.ev(target.value)
        if isinstance(target, ast.Subscript):
            self.ev(target.slice)
        name = base_name(target)
        if name is None:
            return
        old = self.env.get(name, CONST)
        if old.is_row and isinstance(target, ast.Attribute) and target.attr == "index":
            same = val.is_row and (val.kind == "index" or val.qual == "values")
            axis = val.axis if same else self.axis(old.axis, "set_index", False)
            self.env[name] = old.with_(axis=axis)
        elif old.is_row:
            self.env[name] = old.with_(sources=old.sources | val.sources, known=False)
        elif (
            val.is_row
            and base.kind in ("frame", "any")
            and isinstance(target, ast.Subscript)
            and old.kind != "dict"
        ):
            self.env[name] = Val("row", "frame", val.axis, old.sources | val.sources)
        elif val.role in ("stat", "row"):
            self.env[name] = Val(
                "stat", old.kind, sources=old.sources | val.sources, fitted=old.fitted
            )
        elif old.known:
            self.env[name] = old.with_(known=False, literal=None, elems=None, keys=None)

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

    # -- helpers of the notebook -----------------------------------------------------------------------
    def call_function(
        self,
        node: ast.AST,
        function: Val,
        args: list[Val],
        keywords: dict[str, Val],
        callback: bool = False,
    ) -> Val:
        """Evaluate a notebook function for one call; remember whether it must be taken apart."""
        definition = function.fn
        if definition is None or self.depth >= DEEPEST:
            return join(*args, *keywords.values())
        if any(a.is_row for a in args) and any(
            isinstance(n, (ast.Yield, ast.YieldFrom)) for n in walk(definition)
        ):
            self.assume(
                node, f"{ast.unparse(node)[:60]} is assumed to yield a value for each row by itself"
            )
            return Val("row", "list", join(*args).axis, join(*args).sources)
        if any(a.role == "elem" for a in args):
            self.flow.row_functions.add(id(definition))
        saved = dict(self.env)
        parameters = [*definition.args.posonlyargs, *definition.args.args]
        defaults = definition.args.defaults
        for parameter, default in zip(
            parameters[len(parameters) - len(defaults) :], defaults, strict=True
        ):
            self.env[parameter.arg] = self.ev(default)
        for parameter in parameters[: len(parameters) - len(defaults)]:
            self.env[parameter.arg] = CONST
        for parameter, arg in zip(parameters, args, strict=False):
            self.env[parameter.arg] = arg
        for parameter, default2 in zip(
            definition.args.kwonlyargs, definition.args.kw_defaults, strict=True
        ):
            self.env[parameter.arg] = self.ev(default2) if default2 is not None else CONST
        names = {p.arg for p in [*parameters, *definition.args.kwonlyargs]}
        for name, val in keywords.items():
            if name in names:
                self.env[name] = val
        self.depth += 1
        try:
            if isinstance(definition, ast.Lambda):
                return self.ev(definition.body)
            self.impure.append(False)
            self.returns.append([])
            self.block(definition.body)
            results = self.returns.pop()
            if self.impure.pop():
                self.flow.impure.add(definition.name)
        finally:
            self.depth -= 1
            self.env = saved
        if not results:
            return Val("const", "none")
        if not callback and isinstance(node, ast.Call):
            selected = self._selection(node, definition, args, results)
            if selected is not None:
                return selected
        best = results[0] if len(results) == 1 else join(*results)
        if len(results) > 1 and all(r.elems is not None for r in results):
            best = results[-1]
        return best

    def _selection(
        self, node: ast.Call, definition: ast.FunctionDef, args: list[Val], results: list[Val]
    ) -> Val | None:
        """Recognise a helper that returns some of the rows of its table and changes nothing else."""
        tables = [a for a in args if a.is_row and a.kind == "frame"]
        if len(tables) != 1 or len(results) != 1 or not results[0].is_row:
            return None
        table, result = tables[0], results[0]
        if result.kind != "frame" or result.axis is None or result.axis == table.axis:
            return None
        hows: list[str] = []
        axis: int | None = result.axis
        while axis is not None and axis != table.axis:
            hows.append(self.flow.axes[axis].how)
            axis = self.flow.axes[axis].parent
        if axis is None or not set(hows) <= set(CHOOSING) or not set(hows) & {"filter", "dropna"}:
            return None
        if _stores_columns(self, definition):
            return None
        self.mark(node, "filter")
        self.flow.selectors.add(definition.name)
        self.assume(node, f"{definition.name}() is assumed to choose rows and change nothing else")
        labelled = False if set(hows) & {"concat", "relabel", "set_index"} else None
        return table.with_(axis=self.axis(table.axis, "filter", labelled))


CHOOSING = ("filter", "dropna", "concat", "relabel", "reorder", "set_index")


def _stores_columns(scope: Interpreter, definition: ast.FunctionDef) -> bool:
    for node in walk(definition):
        if isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, ast.Store):
            if scope.flow.val(node.value).is_row:
                return True
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if literal(keyword(node, "inplace")) is True or node.func.attr in (
                "fit",
                "fit_transform",
            ):
                return True
    return False


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
