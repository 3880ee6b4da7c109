"""Fit what a notebook only cross-validates: the fit that puts the estimator into production.

A cross-validation throws its models away. The one that is served is the estimator fitted on all rows that were cross-validated, which
is what the scores are an estimate for. The result is a notebook again, the new oracle, with that fit in front of the statement that
cross-validates. Cells and lines keep their numbers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nbprod.findings import Finding, NotebookError
from nbprod.flow.interpret import interpret
from nbprod.flow.program import origin, parse
from nbprod.flow.scope import keyword
from nbprod.flow.tree import walk
from nbprod.modules.analysis import normal
from nbprod.notebook.values import Notebook
from nbprod.split.naming import snake
from nbprod.split.sinks import candidates

VALIDATORS = ("cross_val_score", "cross_validate", "cross_val_predict")
COMPOUND = (ast.For, ast.While, ast.If, ast.With, ast.Try, ast.FunctionDef, ast.ClassDef)
OWN_SCOPE = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
PASSED_ON = ("fit_params", "params", "groups")


@dataclass(frozen=True)
class _Validated:
    """An estimator that a statement cross-validates, and the name that its fit gets."""

    statement: ast.stmt
    estimator: ast.expr
    rows: str
    labels: str
    name: str

    @property
    def names(self) -> tuple[str, ...]:
        called = self.estimator.func if isinstance(self.estimator, ast.Call) else self.estimator
        return self.name, ast.unparse(called).rsplit(".", 1)[-1], ast.unparse(self.estimator)

    @property
    def fit(self) -> str:
        fitted = f"{ast.unparse(self.estimator)}.fit({self.rows}, {self.labels})"
        return fitted if isinstance(self.estimator, ast.Name) else f"{self.name} = {fitted}"


def with_final_fit(notebook: Notebook, model: str | None = None) -> Notebook | None:
    """Return the notebook that fits what it cross-validates last, None when it fits a model or validates none.

    Args:
        notebook: the notebook as it was read.
        model: the variable or class of the estimator to fit, when the notebook validates several.

    Raises:
        NotebookError: no estimator has the name that was asked for.
    """
    if not re.search("|".join(VALIDATORS), "\n".join(c.code for c in notebook.code_cells)):
        return None
    program = parse(notebook)
    if candidates(normal(interpret(program.body))):
        return None
    found = list(_validated(program.body))
    asked = [one for one in found if model is None or model in one.names]
    if not asked and found:
        raise NotebookError(
            f"E-NOSINK: nothing that is cross-validated is called {model!r}; the notebook validates: "
            f"{', '.join(dict.fromkeys(o.names[-1][:40] for o in found))}"
        )
    if not asked:
        return None
    one, at = asked[-1], origin(asked[-1].statement)
    code = notebook.cell(at.cell).code.splitlines()
    line, column = code[at.line - 1].encode(), one.statement.col_offset
    code[at.line - 1] = f"{line[:column].decode()}{one.fit}; {line[column:].decode()}"
    cells = tuple(
        replace(cell, code="\n".join(code)) if cell.number == at.cell else cell
        for cell in notebook.cells
    )
    others = list(dict.fromkeys(ast.unparse(o.estimator)[:40] for o in found if o is not one))
    fitted = replace(notebook, cells=cells, findings=(*notebook.findings, _finding(one, others)))
    return fitted if candidates(normal(interpret(parse(fitted).body))) else None


def _validated(body: list[ast.stmt]) -> Iterator[_Validated]:
    taken = {n.id for s in body for n in walk(s) if isinstance(n, ast.Name)}
    for statement in _simple(body):
        for call in _calls(statement):
            estimator = call.args[0] if call.args else keyword(call, "estimator")
            rows = call.args[1] if len(call.args) > 1 else keyword(call, "X")
            labels = call.args[2] if len(call.args) > 2 else keyword(call, "y")
            if estimator is None or rows is None or labels is None:
                continue
            name = _name(estimator, taken)
            taken.add(name)
            yield _Validated(statement, estimator, ast.unparse(rows), ast.unparse(labels), name)


def _simple(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Walk the statements in front of which another one can stand on the same line."""
    for statement in body:
        if not isinstance(statement, COMPOUND):
            yield statement
            continue
        for name in ("body", "orelse", "finalbody", "handlers"):
            for inner in getattr(statement, name, []):
                yield from _simple(inner.body if isinstance(inner, ast.ExceptHandler) else [inner])


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """Find the cross-validations of a statement whose arguments are no names of a comprehension."""
    if isinstance(node, OWN_SCOPE):
        return
    if (
        isinstance(node, ast.Call)
        and ast.unparse(node.func).rsplit(".", 1)[-1] in VALIDATORS
        and not any(k.arg in PASSED_ON or k.arg is None for k in node.keywords)
        and not any(isinstance(a, ast.Starred) for a in node.args)
    ):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _calls(child)


def _name(estimator: ast.expr, taken: set[str]) -> str:
    """Name the fitted estimator by its variable, or by its class."""
    if isinstance(estimator, ast.Name):
        return estimator.id
    called = estimator.func if isinstance(estimator, ast.Call) else estimator
    name = snake(ast.unparse(called).rsplit(".", 1)[-1]) or "model"
    choices = (name, *(f"{name}_{count}" for count in range(2, len(taken) + 3)))
    return next(n for n in choices if n not in taken)


def _finding(one: _Validated, others: list[str]) -> Finding:
    also = f"; also cross-validated: {', '.join(others)} (--model chooses)" if others else ""
    return Finding(
        "W-CROSS-VALIDATED",
        f"{ast.unparse(one.estimator)[:60]} is only cross-validated; the package fits it on all rows of {one.rows[:40]}, "
        f"which its scores are an estimate for{also}",
        origin(one.statement),
        ast.unparse(one.statement)[:200],
        f"write `{one.fit[:120]}` into the notebook",
    )


__all__ = ["with_final_fit"]
