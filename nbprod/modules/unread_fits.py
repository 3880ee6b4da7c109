"""Say why the fits of a notebook are none that can be served: where the rows come from that they are fitted on."""

from __future__ import annotations

import ast

from nbprod.findings import NotebookError
from nbprod.flow.estimators import class_name
from nbprod.flow.program import origin
from nbprod.flow.scope import keyword
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.knowledge import estimators

FITS = ("fit", "fit_predict", "fit_generator", "train")
FILES = (
    "open",
    "np.load",
    "numpy.load",
    "joblib.load",
    "pickle.load",
    "pd.read_pickle",
    "pandas.read_pickle",
)


def explain_fits(flow: Flow) -> None:
    """Raise for the last fit of something that is no transformer; without one nothing is said.

    Raises:
        NotebookError: ``E-NOSINK``, with the fit, where its rows come from and what to do.
    """
    for position in range(len(flow.body) - 1, -1, -1):
        statement = flow.body[position]
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            continue
        for call in walk(statement):
            if isinstance(call, ast.Call) and _fits(flow, call):
                _refuse(flow, call, position)


def _fits(flow: Flow, call: ast.Call) -> bool:
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in FITS:
        return False
    receiver = flow.val(function.value)
    if function.attr == "train" and receiver.role != "module":
        return False
    return class_name(receiver.qual) not in estimators("transformers")


def _refuse(flow: Flow, call: ast.Call, position: int) -> None:
    assert isinstance(call.func, ast.Attribute)
    at, model = origin(call), ast.unparse(call.func.value)[:40]
    if not call.args and not call.keywords:
        return
    rows = call.args[0] if call.args else keyword(call, "X") or keyword(call, "x")
    if rows is None:
        raise NotebookError(
            f"E-NOSINK: cell {at.cell}:{at.line}: {ast.unparse(call)[:60]} is no fit(X, y) that nbprod knows; fit an estimator "
            "of scikit-learn, a booster or a network of Keras on a table, or write a function in a cell with the tag `predict`"
        )
    start = _start(flow, rows, position)
    if start is None:
        return
    place = origin(start)
    text = " ".join(ast.unparse(start.value).split())[:60]
    said = f"E-NOSINK: cell {at.cell}:{at.line}: {model} is fitted on {ast.unparse(rows)[:40]}, which comes from {text} (cell {place.cell}:{place.line})"
    if any(flow.rule(part) == "source" for part in walk(start.value)):
        raise NotebookError(
            f"{said} in a way that cannot be followed row by row; make the features in columns of that table, or write a function "
            "in a cell with the tag `predict`"
        )
    if ast.unparse(start.value).startswith(FILES):
        raise NotebookError(
            f"{said}; convert it with the notebook that writes the file (`nbprod convert FIRST THIS --name NAME`), or read the table here"
        )
    raise NotebookError(
        f"{said} and from no table that nbprod can read again; read the rows with pandas, or tag the cell that reads them `load`"
    )


def _start(flow: Flow, rows: ast.expr, position: int) -> ast.Assign | None:
    """Follow the names of an expression back to the first assignment that calls something for them."""
    found: ast.Assign | None = None
    wanted = _names(rows)
    for statement in reversed(flow.body[:position]):
        if not isinstance(statement, ast.Assign):
            continue
        bound = {n.id for t in statement.targets for n in walk(t) if isinstance(n, ast.Name)}
        if not bound & wanted:
            continue
        if any(isinstance(part, ast.Call) for part in walk(statement.value)):
            found = statement
        wanted = _names(statement.value) - set(flow.imports)
        if not wanted:
            break
    return found


def _names(node: ast.AST) -> set[str]:
    return {n.id for n in walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


__all__ = ["explain_fits"]
