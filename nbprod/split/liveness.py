"""Which names, columns and helpers of the notebook serving and the label need."""

from __future__ import annotations

import ast

from nbprod.flow.tree import walk
from nbprod.split.effects import effects
from nbprod.split.emitted import Emission
from nbprod.split.marks import Mark

PARTING = ("split", "resample")


class Liveness(Emission):
    """Questions about the whole program."""

    def _find_helpers(self) -> None:
        serve = self._live_everywhere()
        self._serve_names, self._label_names = serve
        for name, definition in self.flow.functions.items():
            mark = self.slices.marks.get(id(definition))
            if mark is None or not mark.kept:
                continue
            bound = {a.arg for a in definition.args.args}
            bound |= {
                n.id
                for n in walk(definition)
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
            free = {
                n.id
                for n in walk(definition)
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
            } - bound
            learned = sorted(
                n for n in free
                if self.flow.final.get(n) is not None and self.flow.final[n].role in ("stat", "row")
                and self.flow.final[n].fn is None
            )  # fmt: skip
            if learned:
                self.rewriter.functions_state[name] = learned
                self.out.helper_state[name] = learned

    def _partial_columns(self) -> set[str]:
        """Columns that some statement makes which serving leaves out."""
        made: set[str] = set()
        for statement in walk(ast.Module(self.flow.body, [])):
            if not isinstance(statement, ast.stmt) or isinstance(
                statement, (ast.FunctionDef, ast.ClassDef)
            ):
                continue
            mark = self.slices.marks.get(id(statement), Mark())
            if mark.serve if self.mode == "fit" else mark.label:
                continue
            for effect in effects(self.flow, statement):
                if effect.kind == "column" and effect.columns:
                    made |= set(effect.columns)
        return made

    def _live_everywhere(self) -> tuple[set[str], set[str]]:
        """Names that are read on the serving and on the label path."""
        serve: set[str] = set()
        label: set[str] = set()
        parted: list[tuple[ast.Assign, Mark]] = []
        for statement in walk(ast.Module(self.flow.body, [])):
            mark = self.slices.marks.get(id(statement))
            if mark is None or not isinstance(statement, ast.stmt):
                continue
            if isinstance(statement, ast.Assign) and self.flow.rule(statement.value) in PARTING:
                parted.append((statement, mark))
                continue
            reads = {
                n.id
                for n in walk(statement)
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
            }
            if mark.serve:
                serve |= reads
            if mark.label:
                label |= reads
        serve |= {n.id for n in walk(self.sink.x) if isinstance(n, ast.Name)}
        if self.sink.y is not None:
            label |= {n.id for n in walk(self.sink.y) if isinstance(n, ast.Name)}
        for statement, mark in parted[::-1]:
            for wanted, taken in ((serve, mark.serve), (label, mark.label)):
                if taken:
                    wanted |= self._needed_parts(statement, wanted)
        return serve, label

    def _needed_parts(self, node: ast.Assign, wanted: set[str]) -> set[str]:
        """``X, y = sampler.fit_resample(X, y)`` needs y only where the new y is needed."""
        call, target = node.value, node.targets[0]
        assert isinstance(call, ast.Call)
        parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
        if not parts:
            return {n.id for n in walk(call) if isinstance(n, ast.Name)}
        each = 2 if self.flow.rule(call) == "split" else 1
        given = [*call.args, *(k.value for k in call.keywords)]
        found = {n.id for n in walk(call.func) if isinstance(n, ast.Name)}
        for index, part in enumerate(parts):
            if (
                index // each < len(given)
                and {n.id for n in walk(part) if isinstance(n, ast.Name)} & wanted
            ):
                found |= {n.id for n in walk(given[index // each]) if isinstance(n, ast.Name)}
        return found

    def live_names(self, node: ast.stmt) -> set[str]:
        """Names that some kept statement or the fit reads."""
        reads: set[str] = set(self.slices.extras)
        for statement in walk(ast.Module(self.flow.body, [])):
            mark = self.slices.marks.get(id(statement))
            if (
                isinstance(statement, ast.stmt)
                and mark is not None
                and mark.kept
                and statement is not node
            ):
                reads |= {n.id for n in walk(statement) if isinstance(n, ast.Name)}
        for part in (self.sink.x, self.sink.y):
            if part is not None:
                reads |= {n.id for n in walk(part) if isinstance(n, ast.Name)}
        return reads

    def _serving(self, name: str, node: ast.stmt) -> bool:
        return name in getattr(self, f"_{'serve' if self.mode == 'fit' else 'label'}_names")

    def _helper(self, node: ast.FunctionDef | ast.ClassDef) -> None:
        if node not in self.out.helpers:
            self.out.helpers.append(node)
