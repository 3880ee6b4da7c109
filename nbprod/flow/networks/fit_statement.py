"""The fit that stands for a training: ``model = Net().fit(X, y, what else it reads)``."""

from __future__ import annotations

import ast
import copy

from nbprod.flow.networks.needed import Needed
from nbprod.flow.networks.reader import Reader
from nbprod.flow.networks.values import Training
from nbprod.flow.substitution import like
from nbprod.flow.tree import walk


class FitMaker:
    """Collects what trainings need of a program, and writes them as fits."""

    def __init__(self, body: list[ast.stmt], imports: dict[str, str], reader: Reader) -> None:
        self.body, self.imports, self.reader = body, imports, reader

    def fit(self, end: ast.stmt, training: Training) -> ast.stmt:
        """Return the fit in the place of ``end``, or ``end`` with why there is none in ``refused``."""
        first = training.statements[0]
        needed = Needed(self.body, self.imports)
        own = self._belongs
        training.statements = needed.statements(end, own)
        if first not in training.statements:
            training.statements.insert(-1, first)
        bound = {n.id for s in training.statements for n in walk(s)
                 if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}  # fmt: skip
        names: dict[str, None] = {}
        for statement in training.statements:
            names |= dict.fromkeys(sorted(needed.reads(_without(statement, training))))
        plain = {e.id for e in (training.rows, training.label) if isinstance(e, ast.Name)}
        free = [n for n in names if n not in bound | plain and n not in self.imports]
        problem = self._moved(training, end)
        if problem:
            end.refused = problem  # type: ignore[attr-defined]
            return end
        receiver = ast.Call(training.built.func, [], [])
        arguments = [copy.deepcopy(training.rows), copy.deepcopy(training.label)]
        call = ast.Call(ast.Attribute(receiver, "fit", ast.Load()),
                        [*arguments, *(ast.Name(n, ast.Load()) for n in free)], [])  # fmt: skip
        call.training = training  # type: ignore[attr-defined]
        new = like(end, ast.Assign([ast.Name(training.model, ast.Store())], call))
        for part in walk(new):
            ast.copy_location(part, end)
        return new

    def _belongs(self, node: ast.stmt) -> bool:
        """Say whether a statement makes tensors, networks or what trains them, and no table."""
        for part in walk(node):
            if (
                isinstance(part, ast.Name)
                and self.imports.get(part.id, "").split(".")[0] == "torch"
            ):
                return True
            if isinstance(part, ast.Name) and part.id in self.reader.classes:
                bases = self.reader._bases(part.id)
                return any(base.startswith("torch.") for base in bases)
            if (
                isinstance(part, ast.Name)
                and part.id in self.reader.env
                and isinstance(part.ctx, ast.Load)
            ):
                return True
        return False

    def _moved(self, training: Training, end: ast.stmt) -> str:
        """Say whether a table is another one at the end of the training than where its tensor was made."""
        for part in (training.rows, training.label):
            names = {n.id for n in walk(part) if isinstance(n, ast.Name)}
            started = False
            for node in self.body:
                inside = any(n is part for n in walk(node))
                if started and not inside:
                    stored = {
                        n.id
                        for n in walk(node)
                        if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)
                    }
                    if names & stored:
                        return f"{ast.unparse(part)[:40]} is changed after its tensor was made; give the new table another name"
                started |= inside
                if node is end:
                    break
            if not started:
                return f"the rows of {ast.unparse(part)[:40]} are chosen inside a function; choose them before it"
        return ""


def _without(statement: ast.stmt, training: Training) -> ast.stmt:
    """Return a statement without the features and the label that it makes tensors of."""
    kept = {id(training.rows): ast.Constant(None), id(training.label): ast.Constant(None)}
    memo = dict(kept)
    return copy.deepcopy(statement, memo)


__all__ = ["FitMaker"]
