"""Lower assignments: to variables, to columns, to chosen rows of a column, to columns of an array."""

from __future__ import annotations

import ast
import copy

from nbprod.flow.tree import is_whole_slice
from nbprod.kernel.expressions import Expressions
from nbprod.kernel.making import shown
from nbprod.kernel.values import FRAME, PLAIN, Lowered, NotLowered


class Assignments(Expressions):
    """Lower what is written to a place."""

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
        everything = (
            isinstance(key, ast.Tuple) and len(key.elts) == 2 and is_whole_slice(key.elts[0])
        )
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


__all__ = ["Assignments"]
