"""V13: does the data show it when a learned value is wrong? Each one is changed in turn."""

from __future__ import annotations

import ast
import copy
import inspect
from typing import Any

import pandas as pd

from ... import comparison, tables
from ..case import NOT_APPLICABLE, PARTIAL, PROVEN, SKIPPED, Case, Outcome
from ..perturb import changed
from ..sampling import chosen
from ..wording import finding

ID, NAME = "V13", "self-test"


def check(case: Case) -> Outcome:
    """Change every value of the state and look whether features or answers of the V4 rows change."""
    names = sorted(vars(case.state))
    if not names:
        return Outcome(NOT_APPLICABLE, "nothing is learned besides the model")
    known = case.known
    if not len(known):
        return Outcome(SKIPPED, "no row of X could be traced to a raw row")
    places = known[chosen(case.raw, case.positions[known])]
    rows = case.raw.iloc[case.positions[places]]
    before = case.features(rows)
    read = _read_when_serving(case, rows) | _named_when_serving(case)
    noticed = {name: _noticed(case, name, rows, before) for name in names if name in read}
    if not noticed:
        return Outcome(NOT_APPLICABLE, "what is learned besides the model is used in training only")
    unnoticed = [name for name in noticed if not noticed[name]]
    seen = len(noticed) - len(unnoticed)
    figure = f"{seen} of {len(noticed)} learned values are noticed when changed"
    if len(noticed) < len(names):
        figure += f"; {len(names) - len(noticed)} more only train"
    details = {"noticed": noticed}
    if not unnoticed:
        return Outcome(PROVEN, figure, details=details)
    findings, notes = [], []
    for name in unnoticed:
        message = f"no row of the data shows whether {name!r} is right"
        findings.append(finding("W-UNTESTED-SITE", message, **_place(case, name)))
        notes.append({"kind": "untested", "field": name, "text": message})
    return Outcome(PARTIAL, figure, tuple(findings), details, tuple(notes))


def _read_when_serving(case: Case, rows: pd.DataFrame) -> set[str]:
    """Return the fields of the state that features or answers read."""
    read: set[str] = set()

    class Watched(type(case.state)):  # type: ignore[misc]
        def __getattribute__(self, name: str) -> Any:
            read.add(name)
            return super().__getattribute__(name)

    state = copy.copy(case.state)
    state.__class__ = Watched
    case.features(rows, state)
    _answers(case, state, rows)
    return read


def _named_when_serving(case: Case) -> set[str]:
    """Return the attributes that features and answers load anywhere but under ``if fitting``."""
    found: set[str] = set()
    for module in (case.package.features, case.package.answers):
        left: list[ast.AST] = [ast.parse(inspect.getsource(module))]
        while left:
            node = left.pop()
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.add(node.attr)
            if isinstance(node, ast.If) and ast.unparse(node.test) == "fitting":
                left += node.orelse
            else:
                left += ast.iter_child_nodes(node)
    return found


def _noticed(case: Case, name: str, rows: pd.DataFrame, before: tables.Table) -> bool:
    value = changed(getattr(case.state, name))
    if value is None:
        return False
    state = copy.copy(case.state)
    setattr(state, name, value)
    try:
        found = case.features(rows, state)
        if found.names != before.names or comparison.differences(before, found).any():
            return True
        return bool(_answers(case, state, rows) != _answers(case, case.state, rows))
    except Exception:  # noqa: BLE001  a failure is noticed
        return True


def _answers(case: Case, state: Any, rows: pd.DataFrame) -> list[Any]:
    """Return labels and some predictions in the notebook's terms."""
    answers, predictions = case.package.answers, case.notebook.predictions
    values = [answers.target(rows, state)]
    if predictions is not None:
        values.append(
            answers.answer(predictions.take(range(min(200, predictions.rows))).array(), state)
        )
    found = [tables.table(value) for value in values]
    return [None if one is None else [one.cell(i, 0) for i in range(one.rows)] for one in found]


def _place(case: Case, name: str) -> dict[str, Any]:
    for site in case.plan.get("sites", []):
        if site.get("field") == name:
            return {
                "cell": site["cell"],
                "line": site["line"],
                "source": site.get("expression", ""),
            }
    return {}
