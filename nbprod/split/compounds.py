"""Loops, branches and other statements with blocks."""

from __future__ import annotations

import ast

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.flow.tree import shallow, walk
from nbprod.split.assignments import Assignments
from nbprod.split.copies import with_names
from nbprod.split.guards import guard, merge_guards
from nbprod.split.marks import Mark


class Compounds(Assignments):
    """Emit compound statements."""

    def _compound(self, node: ast.stmt, mark: Mark) -> list[ast.stmt]:
        serving = mark.serve if self.mode == "fit" else mark.label
        if not serving:
            if self.mode != "fit":
                return []
            pruned = self._pruned(node)
            if pruned is None:
                return []
            body = [*self._locals(node, mark), with_names(self.rewriter, pruned)]
            for name in sorted(mark.store):
                body.extend(self._capture(name, node))
            return self._finish(node, [guard(body, [], node)])
        if isinstance(node, ast.For):
            return self._for(node)
        if isinstance(node, ast.If):
            return self._if(node)
        new = shallow(node)
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(node, name, None)
            if inner and isinstance(inner[0], ast.stmt):
                setattr(new, name, merge_guards(self._block(inner)[0]) or [ast.Pass()])
        if isinstance(node, ast.Try):
            new.handlers = [  # type: ignore[attr-defined]
                ast.ExceptHandler(
                    h.type, h.name, merge_guards(self._block(h.body)[0]) or [ast.Pass()]
                )
                for h in node.handlers
            ]
        return self._finish(node, [new])

    def _pruned(self, node: ast.stmt) -> ast.stmt | None:
        """A training-only block without the statements nothing needs."""
        mark = self.slices.marks.get(id(node))
        if mark is None or not mark.kept:
            return None
        new = shallow(node)
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(node, name, None)
            if inner and isinstance(inner[0], ast.stmt):
                kept = [p for s in inner if (p := self._pruned(s)) is not None]
                setattr(new, name, kept or ([ast.Pass()] if name == "body" else []))
        return new

    def _for(self, node: ast.For) -> list[ast.stmt]:
        rewriter = self.rewriter
        iterable = rewriter.serve(node.iter)
        before = self._placed(node, self._flush())
        rows = self.flow.val(node.iter)
        names = [n.id for n in walk(node.target) if isinstance(n, ast.Name)]
        if rows.kind == "enumerate" and len(names) > 1:
            names = names[1:]
        elif rows.kind == "items" or (
            isinstance(node.iter, ast.Call)
            and ast.unparse(node.iter.func).endswith((".items", ".iteritems"))
        ):
            names = names[:1]
        if rows.is_row and rows.elems is None and rows.kind != "frame":
            self._row_loop(node)
        saved_names = dict(rewriter.names)
        for name in names:
            rewriter.names.pop(name, None)
        rewriter.keys.extend(names)
        body, _ = self._block(node.body)
        del rewriter.keys[len(rewriter.keys) - len(names) :]
        rewriter.names = {**rewriter.names, **saved_names}
        new = ast.For(node.target, iterable, merge_guards(body) or [ast.Pass()], [])
        return [*before, *self._finish(node, [new])]

    def _row_loop(self, node: ast.For) -> None:
        at = origin(node)
        what = "a loop over rows is assumed to use each row by itself"
        self.learned.assumptions[(at.cell, at.line, what)] = {
            "cell": at.cell, "line": at.line, "what": what, "source": ast.unparse(node).split("\n")[0],
        }  # fmt: skip

    def _if(self, node: ast.If) -> list[ast.stmt]:
        val = self.flow.val(node.test)
        if val.is_row or (val.role == "elem" and not self.rewriter.keys):
            self.learned.findings.append(
                Finding(
                    "E-DYNAMIC-BRANCH",
                    f"if {ast.unparse(node.test)[:60]}: the branch depends on the rows of the request",
                    origin(node),
                    ast.unparse(node.test)[:200],
                    "use a mask: df.loc[condition, column] = ...",
                )
            )
        test = self.rewriter.serve(node.test)
        before = self._placed(node, self._flush())
        body, _ = self._block(node.body)
        orelse, _ = self._block(node.orelse)
        new = ast.If(test, merge_guards(body) or [ast.Pass()], merge_guards(orelse))
        return [*before, *self._finish(node, [new])]
