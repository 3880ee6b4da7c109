"""Lower statements: assignments to frames become assignments to a dict of columns."""

from __future__ import annotations

import ast
import copy

from nbprod.flow.tree import shallow, walk
from nbprod.kernel.assignments import Assignments
from nbprod.kernel.making import shown
from nbprod.kernel.values import PLAIN, Kind, Lowered, NotLowered


class Statements(Assignments):
    """Lower the serving form of a body."""

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """Return the statements on columns; comments stay where they are.

        Raises:
            NotLowered: there is no rule for one of them.
        """
        out: list[ast.stmt] = []
        for node in body:
            try:
                new = self._statement(node)
            except NotLowered as refused:
                if refused.node is None or not hasattr(refused.node, "lineno"):
                    refused.node = node
                if not hasattr(refused.node, "cell") and hasattr(node, "cell"):
                    refused.node.cell = node.cell  # type: ignore[attr-defined]
                raise
            lead = getattr(node, "lead", [])
            if new:
                new[0].lead = lead  # type: ignore[attr-defined]
                new[-1].trail = getattr(node, "trail", "")  # type: ignore[attr-defined]
                new[-1].tail = getattr(node, "tail", [])  # type: ignore[attr-defined]
            out.extend(new)
        return out

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        if isinstance(node, ast.Pass):
            return [ast.Pass()]
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            return self._assign(node.targets[0], node.value)
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            return self._assign(node.target, node.value)
        if isinstance(node, ast.AugAssign):
            return self._augmented(node)
        if isinstance(node, ast.For):
            return self._for(node)
        if isinstance(node, ast.If):
            return self._if(node)
        if isinstance(node, ast.Expr):
            return self._expression(node)
        if isinstance(node, ast.Delete):
            return self._delete(node)
        raise NotLowered(f"{shown(node)} has no rule", node)

    def _for(self, node: ast.For) -> list[ast.stmt]:
        source = self.expect(node.iter, "plain", "learned", "frame")
        if node.orelse:
            raise NotLowered("a loop with else", node)
        for part in walk(node.target):
            if isinstance(part, ast.Name):
                self.kinds[part.id] = PLAIN
                self.labels.add(part.id)
        before = dict(self.kinds)
        body = self.block(node.body)
        changed = [n for n, k in self.kinds.items() if n in before and before[n].what != k.what]
        if changed:
            raise NotLowered(f"{changed[0]} changes its kind in a loop", node)
        items = source.node
        if source.kind.what == "frame":
            items = ast.Call(ast.Name("list", ast.Load()), [source.node], [])
        return [ast.For(node.target, items, body or [ast.Pass()], [])] if body else []

    def _if(self, node: ast.If) -> list[ast.stmt]:
        test = self.plain(node.test)
        before = dict(self.kinds)
        body = self.block(node.body)
        after, self.kinds = self.kinds, before
        orelse = self.block(node.orelse)
        for name, kind in after.items():
            other = self.kinds.get(name)
            if other is not None and other.what != kind.what:
                raise NotLowered(f"{name} is one of two kinds of value", node)
            self.kinds[name] = Kind(kind.what)
        if not body and not orelse:
            return []
        return [ast.If(test, body or [ast.Pass()], orelse)]

    def _expression(self, node: ast.Expr) -> list[ast.stmt]:
        """A call for its effect: ``df.drop(..., inplace=True)`` and the like, or nothing for the rows."""
        call = node.value
        if isinstance(call, ast.Constant):
            return []
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            raise NotLowered(f"{shown(node)} has no rule", node)
        owner = call.func.value
        base = self.lower(owner)
        in_place = [k for k in call.keywords if k.arg == "inplace"]
        if base.kind.what == "frame" and in_place and isinstance(owner, ast.Name):
            plain = ast.Call(call.func, call.args, [k for k in call.keywords if k.arg != "inplace"])
            return self._assign(ast.Name(owner.id, ast.Store()), ast.copy_location(plain, call))
        if base.kind.what == "frame" and call.func.attr == "insert":
            return self._insert(base, call)
        if base.kind.what == "plain" and call.func.attr in (
            "append",
            "remove",
            "extend",
            "add",
            "update",
        ):
            return [ast.Expr(self.lower(call).node)]
        raise NotLowered(f"{shown(node)} has no rule", node)

    def _insert(self, frame: Lowered, call: ast.Call) -> list[ast.stmt]:
        given = self.bind(call, "loc", "column", "value")
        if not isinstance(frame.node, ast.Name) or len(given) != 3:
            raise NotLowered("a column put into a part of a frame", call)
        value = self._as_column(frame, given["value"])
        new = self.vector(
            "with_column", frame, self.plain(given["loc"]), self.plain(given["column"]), value
        )
        return [ast.Assign([ast.Name(frame.node.id, ast.Store())], new.node)]

    def lowered_function(self, node: ast.Call, name: str, arguments: list[Lowered]) -> Lowered:
        """Return the call of a function of the notebook, whose body is lowered for these arguments.

        Raises:
            NotLowered: it is not one straight body with one result, or is called with other kinds elsewhere.
        """
        function = self.functions[name]
        parameters = [a.arg for a in function.args.args]
        extra = [k for k in node.keywords if k.arg != "state"]
        returned = function.body[-1]
        if (
            extra
            or len(parameters) != len(arguments)
            or function.args.vararg
            or function.decorator_list
        ):
            raise NotLowered(f"{name}() with other arguments than its parameters", node)
        if not isinstance(returned, ast.Return) or returned.value is None:
            raise NotLowered(f"{name}() changes its arguments in place", node)
        if any(a.kind.where for a in arguments) or name in self.within:
            raise NotLowered(f"{name}() on chosen rows", node)
        outside, self.kinds = self.kinds, {}
        self.within.append(name)
        try:
            for parameter, argument in zip(parameters, arguments, strict=True):
                self.kinds[parameter] = argument.kind
            body = self.block(copy.deepcopy(function.body[:-1]))
            result = self.lower(copy.deepcopy(returned.value))
        finally:
            self.kinds = outside
            self.within.pop()
        new = shallow(function)
        new.body = [*body, ast.Return(result.node)]
        if ast.get_docstring(function):
            new.body.insert(0, function.body[0])
        self.add_helper(name, new)
        called = ast.Call(ast.Name(name, ast.Load()), [a.node for a in arguments], node.keywords)
        return Lowered(called, result.kind)

    def _delete(self, node: ast.Delete) -> list[ast.stmt]:
        out: list[ast.stmt] = []
        for target in node.targets:
            if not isinstance(target, ast.Subscript):
                return []  # a variable that nothing reads again
            frame = self.expect(target.value, "frame")
            place = ast.Subscript(frame.node, self.plain(target.slice), ast.Del())
            out.append(ast.Delete([place]))
        return out


__all__ = ["Statements"]
