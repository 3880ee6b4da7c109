"""Lower statements: assignments to frames become assignments to a dict of columns."""

from __future__ import annotations

import ast
import copy

from nbprod.flow.tree import walk
from nbprod.kernel.expressions import Expressions, shown
from nbprod.kernel.values import COLUMN, FRAME, PLAIN, Kind, Lowered, NotLowered


class Statements(Expressions):
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

    def _assign(self, target: ast.expr, value: ast.expr) -> list[ast.stmt]:
        if isinstance(target, ast.Name):
            found = self.lower(value)
            if found.kind.what in ("module", "state", "texts", "dates", "categories"):
                raise NotLowered(f"{shown(value)} kept in a variable", value)
            if found.kind.what == "function":
                if not isinstance(value, ast.Lambda):
                    raise NotLowered("a function kept in a variable", value)
                raise NotLowered("a lambda kept in a variable", value)
            self.kinds[target.id] = found.kind
            if isinstance(found.node, ast.Name) and found.node.id == target.id:
                return []
            return [ast.Assign([target], found.node)]
        if (
            isinstance(target, ast.Tuple)
            and isinstance(value, ast.Tuple)
            and len(target.elts) == len(value.elts)
        ):
            plain = [self.plain(v) for v in value.elts]
            for part in target.elts:
                if not isinstance(part, ast.Name):
                    raise NotLowered("several places assigned at once", target)
                self.kinds[part.id] = PLAIN
            return [ast.Assign([target], ast.Tuple(plain, ast.Load()))]
        if isinstance(target, ast.Attribute):
            return self._attribute_target(target, value)
        if isinstance(target, ast.Subscript):
            return self._item_target(target, value)
        raise NotLowered(f"{shown(target)} as a target", target)

    def _attribute_target(self, target: ast.Attribute, value: ast.expr) -> list[ast.stmt]:
        frame = self.expect(target.value, "frame")
        if target.attr == "columns":
            if not isinstance(frame.node, ast.Name):
                raise NotLowered("new names for a part of a frame", target)
            renamed = self.vector("with_names", frame, self.plain(value), kind=FRAME)
            return [ast.Assign([ast.Name(frame.node.id, ast.Store())], renamed.node)]
        return self._set_column(frame, ast.Constant(target.attr), value)

    def _item_target(self, target: ast.Subscript, value: ast.expr) -> list[ast.stmt]:
        inner = target.value
        if isinstance(inner, ast.Attribute) and inner.attr in ("loc", "at"):
            return self._loc_target(inner, target, value)
        base = self.lower(inner)
        if base.kind.what == "frame":
            return self._set_frame(base, target.slice, value)
        if base.kind.what == "column" and isinstance(inner, (ast.Subscript, ast.Attribute)):
            return self._chained(inner, target, value)
        if base.kind.what == "matrix":
            return self._set_matrix(base, target.slice, value)
        if base.kind.what == "plain":
            place = ast.Subscript(base.node, self._index(target.slice), ast.Store())
            return [ast.Assign([place], self.plain(value))]
        raise NotLowered(f"an assignment to an item of a {base.kind.what}", target)

    def _set_frame(self, frame: Lowered, key: ast.expr, value: ast.expr) -> list[ast.stmt]:
        chosen = self.expect(key, "plain", "learned")
        if not self.is_many(key, chosen):
            return self._set_column(frame, chosen.node, value)
        names = chosen.node
        found = self.expect(value, "frame", "matrix")
        self._same_rows(frame, found, value)
        put = self.vector("put_columns", frame, names, found)
        return [ast.Expr(put.node)]

    def _set_column(self, frame: Lowered, label: ast.expr, value: ast.expr) -> list[ast.stmt]:
        target = ast.Subscript(frame.node, label, ast.Store())
        return [ast.Assign([target], self._as_column(frame, value).node)]

    def _as_column(self, frame: Lowered, value: ast.expr) -> Lowered:
        found = self.lower(value)
        what = found.kind.what
        if what == "category":
            raise NotLowered("a column of categories that is kept", value)
        if what == "column":
            self._same_rows(frame, found, value)
            return found
        if what == "matrix":
            return self.vector("only_column", found)
        if what in ("plain", "learned"):
            return self.vector("filled", frame, found)
        raise NotLowered(f"a {what} as a column", value)

    def _same_rows(self, frame: Lowered, found: Lowered, value: ast.expr) -> None:
        if frame.kind.where != found.kind.where:
            raise NotLowered("a column of other rows", value)

    def _loc_target(
        self, loc: ast.Attribute, target: ast.Subscript, value: ast.expr
    ) -> list[ast.stmt]:
        """``df.loc[mask, "a"] = value``"""
        frame = self.expect(loc.value, "frame")
        if not isinstance(target.slice, ast.Tuple) or len(target.slice.elts) != 2:
            raise NotLowered(".loc with rows alone", target)
        rows, key = target.slice.elts
        if isinstance(rows, ast.Slice):
            if rows.lower or rows.upper or rows.step:
                raise NotLowered(".loc with a range of rows", target)
            return self._set_frame(frame, key, value)
        mask = self.column(rows)
        label = self.plain(key)
        if isinstance(key, (ast.List, ast.Slice)):
            raise NotLowered(".loc with several columns", target)
        found = self.lower(value)
        where = ast.unparse(mask.node)
        if found.kind.what == "column":
            if found.kind.where not in ("", where) and found.kind.dtype != "array":
                raise NotLowered("a column of other rows", value)
        elif found.kind.what not in ("plain", "learned"):
            raise NotLowered(f"a {found.kind.what} for the chosen rows", value)
        elif isinstance(value, (ast.List, ast.Tuple)):
            raise NotLowered("a list for the chosen rows", value)
        chosen = ast.Constant(True) if found.kind.where else None
        put = self.vector("put", frame, label, mask, found, chosen=chosen)
        place = ast.Subscript(frame.node, label, ast.Store())
        return [ast.Assign([place], put.node)]

    def _chained(
        self, column: ast.Subscript | ast.Attribute, target: ast.Subscript, value: ast.expr
    ) -> list[ast.stmt]:
        """``df["a"][mask] = value``: the frame has it, too, as long as pandas has no copy on write"""
        label = column.slice if isinstance(column, ast.Subscript) else ast.Constant(column.attr)
        if isinstance(column.value, ast.Attribute) and column.value.attr in ("loc", "iloc"):
            raise NotLowered("a part of chosen rows that is set", target)
        loc = ast.Attribute(column.value, "loc", ast.Load())
        place = ast.Subscript(loc, ast.Tuple([target.slice, label], ast.Load()), ast.Store())
        return self._loc_target(loc, ast.copy_location(place, target), value)

    def _set_matrix(self, matrix: Lowered, key: ast.expr, value: ast.expr) -> list[ast.stmt]:
        """``X[:, 0] = ...``"""
        everything = isinstance(key, ast.Tuple) and len(key.elts) == 2 and _whole(key.elts[0])
        if not everything:
            raise NotLowered("a part of an array that is not a column", key)
        assert isinstance(key, ast.Tuple)
        place = ast.Subscript(
            matrix.node, ast.Tuple([ast.Slice(), self._index(key.elts[1])], ast.Load()), ast.Store()
        )
        return [
            ast.Assign([place], self.expect(value, "column", "matrix", "plain", "learned").node)
        ]

    def _augmented(self, node: ast.AugAssign) -> list[ast.stmt]:
        target = node.target
        load = copy.deepcopy(target)
        load.ctx = ast.Load()
        if isinstance(target, ast.Attribute):
            target = ast.Subscript(target.value, ast.Constant(target.attr), ast.Store())
        return self._assign(target, ast.copy_location(ast.BinOp(load, node.op, node.value), node))

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
        new = copy.copy(function)
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


def _whole(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Slice)
        and node.lower is None
        and node.upper is None
        and node.step is None
    )


__all__ = ["COLUMN", "Statements"]
