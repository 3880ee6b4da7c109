"""Which names, columns and helpers of the notebook serving and the label need."""

from __future__ import annotations

import ast
from collections import Counter

from nbprod.flow.tree import all_statements, walk
from nbprod.split.effects import effects
from nbprod.split.emitted import Emission
from nbprod.split.marks import Mark

PARTING = ("split", "resample")


class Liveness(Emission):
    """Questions about the whole program."""

    def _find_helpers(self) -> None:
        serve = self._live_everywhere()
        self._serve_names, self._label_names = serve
        asked: set[str] = set()
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
            asked |= {n for n in free if self._is_plain(n)}
            learned = sorted(
                n for n in free
                if self.flow.final.get(n) is not None and self.flow.final[n].role in ("stat", "row")
                and self.flow.final[n].fn is None
            )  # fmt: skip
            if learned:
                self.rewriter.functions_state[name] = learned
                self.out.helper_state[name] = learned
        self._globals = self._made_once(asked)

    def _made_once(self, asked: set[str]) -> set[int]:
        """Return the statements that make the names asked for, each from imports and other such names alone."""
        stores = Counter(
            n.id
            for n in walk(ast.Module(self.flow.body, []))
            if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)
        )
        made = {
            node.targets[0].id: node
            for node in self.flow.body
            if isinstance(node, ast.Assign)
            and len(node.targets) == 1
            and isinstance(node.targets[0], ast.Name)
            and stores[node.targets[0].id] == 1
            and self._is_plain(node.targets[0].id)
        }
        found: dict[str, ast.Assign] = {}
        waiting = [name for name in asked if name in made]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = made[name]
                waiting += [n for n in self._variables(made[name]) if n in made]
        while True:
            whole = {n: node for n, node in found.items() if self._variables(node) <= found.keys()}
            if len(whole) == len(found):
                return {id(node) for node in found.values()}
            found = whole

    def _variables(self, node: ast.Assign) -> set[str]:
        """Return the variables of the notebook that a statement reads."""
        return {
            n.id
            for n in walk(node.value)
            if isinstance(n, ast.Name) and n.id in self.flow.final and n.id not in self.flow.functions
            and n.id not in self.flow.imports
        }  # fmt: skip

    def _is_plain(self, name: str) -> bool:
        """Say whether a variable holds something made once from nothing learned: a pattern, a stemmer, a counter."""
        val = self.flow.final.get(name)
        return val is not None and val.role == "const" and val.fn is None

    def _is_global(self, node: ast.stmt) -> bool:
        """Say whether a statement makes what a function of the notebook reads as a global."""
        return id(node) in self._globals

    def _partial_columns(self) -> set[str]:
        """Columns that some statement makes which serving leaves out."""
        made: set[str] = set()
        for statement in all_statements(self.flow.body):
            if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
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
        for statement in all_statements(self.flow.body):
            mark = self.slices.marks.get(id(statement))
            if mark is None:
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
        for statement in all_statements(self.flow.body):
            mark = self.slices.marks.get(id(statement))
            if mark is not None and mark.kept and statement is not node:
                reads |= {n.id for n in walk(statement) if isinstance(n, ast.Name)}
        for part in (self.sink.x, self.sink.y):
            if part is not None:
                reads |= {n.id for n in walk(part) if isinstance(n, ast.Name)}
        return reads

    def _serving(self, name: str, node: ast.stmt) -> bool:
        return name in getattr(self, f"_{'serve' if self.mode == 'fit' else 'label'}_names")

    def _helper(self, node: ast.stmt) -> None:
        if node not in self.out.helpers:
            self.out.helpers.append(node)
