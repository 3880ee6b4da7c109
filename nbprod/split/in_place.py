"""Calls that change their table in place, written as the assignments that they mean."""

from __future__ import annotations

import ast
import copy

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.flow.scope import keyword, literal
from nbprod.split.names import identity
from nbprod.split.reading import Reading
from nbprod.split.removed import installed_version


class InPlace(Reading):
    """Emit in-place calls."""

    def _in_place(self, node: ast.stmt, call: ast.Call) -> list[ast.stmt] | None:
        chained = self._chained(call)
        if chained is not None:
            return chained
        return self._learning_in_place(call)

    def _chained(self, call: ast.Call) -> list[ast.stmt] | None:
        """``df['a'].fillna(v, inplace=True)`` is written as the assignment that it meant before pandas 3, and left out since."""
        if (
            not isinstance(call.func, ast.Attribute)
            or literal(keyword(call, "inplace")) is not True
        ):
            return None
        receiver = call.func.value
        if isinstance(receiver, ast.Name) or not isinstance(
            receiver, (ast.Subscript, ast.Attribute)
        ):
            return None
        if (
            not isinstance(receiver.value, ast.Name)
            or self.flow.val(receiver.value).kind != "frame"
        ):
            return None
        ignored = copies_on_write(self.flow.pandas or installed_version("pandas"))
        if ignored:
            meaning = (
                "and in the notebook's pandas that changes nothing in the table; it is left out"
            )
        else:
            meaning = "which pandas 3 no longer does; it is written as an assignment, which is what earlier versions do"
        self.learned.findings.append(
            Finding(
                "W-COW",
                f"{ast.unparse(call)[:70]} changes a column in place, {meaning}",
                origin(call),
                ast.unparse(call)[:200],
                "assign the result: df['a'] = df['a'].fillna(...)",
            )
        )
        if ignored:
            return []
        key = receiver.slice if isinstance(receiver, ast.Subscript) else ast.Constant(receiver.attr)
        target = ast.Subscript(
            receiver.value,
            self.rewriter.serve(key) if isinstance(receiver, ast.Subscript) else key,
            ast.Store(),
        )
        plain = copy.copy(call)
        plain.twin = identity(call)  # type: ignore[attr-defined]
        plain.keywords = [k for k in call.keywords if k.arg != "inplace"]
        self.flow.vals[id(plain)] = self.flow.val(call)
        self.flow.rules[id(plain)] = self.flow.rule(call)
        if id(call) in self.flow.assumed:
            self.flow.assumed[id(plain)] = self.flow.assumed[id(call)]
        self.flow.copies.append(ast.Expr(plain))
        return [ast.Assign([target], self.rewriter.serve(plain))]

    def _learning_in_place(self, call: ast.Call) -> list[ast.stmt] | None:
        """``df.dropna(axis=1, inplace=True)`` and the like learn: write them as an assignment."""
        if (
            not isinstance(call.func, ast.Attribute)
            or literal(keyword(call, "inplace")) is not True
        ):
            return None
        if not self.flow.rule(call).startswith("fused:") or not isinstance(
            call.func.value, ast.Name
        ):
            return None
        target = ast.Name(call.func.value.id, ast.Store())
        return [ast.Assign([target], self.rewriter.serve(call))]


def copies_on_write(pandas: str | None) -> bool:
    """Say whether a version of pandas leaves a table as it is when a column of it is changed in place."""
    major = (pandas or "").split(".")[0]
    return major.isdigit() and int(major) >= 3
