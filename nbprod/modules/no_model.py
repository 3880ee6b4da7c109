"""Say why a notebook has no model that could be served, and what to do."""

from __future__ import annotations

import ast

from nbprod.findings import NotebookError
from nbprod.flow.formulas import NoPlainFormula, formula_of
from nbprod.flow.networks.loops import backwards
from nbprod.flow.program import Program, origin
from nbprod.flow.statsmodels_calls import qualified
from nbprod.flow.tree import own_expressions, walk
from nbprod.flow.unbound import unbound
from nbprod.flow.values import Flow
from nbprod.knowledge import table
from nbprod.modules.unread_fits import explain_fits
from nbprod.split.sinks import own_names

USUAL = {"pd": "import pandas as pd", "np": "import numpy as np"}


def explain(program: Program, flow: Flow) -> None:
    """Look for the reason why no model is found; without one nothing is said.

    Raises:
        NotebookError: ``E-UNBOUND`` or ``E-NOSINK``, with the place, the reason and what to do.
    """
    _explain_missing_names(program)
    _explain_cross_validation(flow)
    _explain_experiment(flow)
    _explain_formula(flow)
    _explain_training_loop(flow)
    explain_fits(flow)


def _explain_missing_names(program: Program) -> None:
    """A notebook that uses pandas without importing it has no table, and so no model, for anybody else."""
    missing = [name for name in unbound(program.body) if name in USUAL]
    if missing:
        imports = "; ".join(USUAL[name] for name in missing)
        raise NotebookError(
            f"E-UNBOUND: the notebook uses {', '.join(missing)} and never imports it, so it runs in no other "
            f"session; add `{imports}`"
        )


def _explain_cross_validation(flow: Flow) -> None:
    """Models of a cross-validation are thrown away; say how to keep one."""
    for statement in reversed(flow.body):
        for node in walk(statement):
            if not isinstance(node, ast.Call) or len(node.args) < 3:
                continue
            if ast.unparse(node.func).rsplit(".", 1)[-1] in ("cross_val_score", "cross_validate"):
                at, (model, X, y) = origin(node), map(ast.unparse, node.args[:3])
                raise NotebookError(
                    f"E-NOSINK: cell {at.cell}:{at.line}: {model[:40]} is only cross-validated, so no model is left "
                    f"to serve; fit the one to serve on all rows, as in `model = {model[:40]}.fit({X}, {y})`"
                )


def _explain_experiment(flow: Flow) -> None:
    """A library that prepares and fits behind one call shows no fit; say how its outcome can be served."""
    for statement in flow.body:
        for node in own_expressions(statement):
            if isinstance(node, ast.Call):
                name = qualified(flow.imports, node.func)
                if name.partition(".")[0] in table("fitting")["experiments"]:
                    at = origin(node)
                    raise NotebookError(
                        f"E-NOSINK: cell {at.cell}:{at.line}: {ast.unparse(node.func)} prepares the rows and fits models out of "
                        "sight, so nothing of it can be repeated for one row; fit the model that it found, with its "
                        "preparation, as a scikit-learn pipeline"
                    )


def _explain_formula(flow: Flow) -> None:
    """A formula that is no function of the row cannot be asked again; say what to write."""
    for statement in flow.body:
        for node in own_expressions(statement):
            if isinstance(node, ast.Call) and flow.rule(node) == "statsmodels":
                if "formula" not in qualified(flow.imports, node.func):
                    continue
                try:
                    formula_of(node, own_names(flow))
                except NoPlainFormula as problem:
                    at = origin(node)
                    name = ast.unparse(node.func)
                    raise NotebookError(
                        f"E-NOSINK: cell {at.cell}:{at.line}: the formula of {name} {problem}"
                    ) from None


def _explain_training_loop(flow: Flow) -> None:
    """A network is trained by a loop that cannot be followed; say where it is left, and what to write."""
    told = [why for s in flow.body if (why := getattr(s, "refused", ""))]
    told.append(
        "no optimizer is seen to step at the top of a cell or in a function that is called there"
    )
    for statement in flow.body:
        call = backwards(statement)
        if call is None:
            continue
        at = origin(call)
        why = getattr(statement, "refused", "") or told[0]
        raise NotebookError(
            f"E-NOSINK: cell {at.cell}:{at.line}: the network is trained by a loop of the notebook "
            f"({ast.unparse(call)[:40]}), but {why}; or give the network to skorch's NeuralNetClassifier or "
            "NeuralNetRegressor and call fit"
        )


def refuse_synthetic(flow: Flow, primary: str) -> None:
    """Rows that are made up on the spot have no columns that a request could name."""
    source = flow.sources.get(primary)
    if source is not None and flow.val(source).kind == "tuple":
        at = origin(source)
        raise NotebookError(
            f"E-SYNTHETIC: cell {at.cell}:{at.line}: {ast.unparse(source)[:60]} makes arrays without columns, so "
            "a request has no names to use; put the data into a table with named columns and read that"
        )


__all__ = ["explain", "refuse_synthetic"]
