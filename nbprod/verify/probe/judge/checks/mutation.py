"""V13: does the data show it when a learned value is wrong? Each one is changed in turn."""

from __future__ import annotations

import ast
import copy
import inspect
from typing import Any

from ..case import NOT_APPLICABLE, PARTIAL, PROVEN, SKIPPED, Case, Outcome
from ..witnesses import answers, rows_of
from ..wording import finding

ID, NAME = "V13", "self-test"


def check(case: Case) -> Outcome:
    """Change every value of the state and look whether features or answers change."""
    names = sorted(vars(case.state))
    if not names:
        return Outcome(NOT_APPLICABLE, "nothing is learned besides the model")
    if not len(case.known):
        return Outcome(SKIPPED, "no row of X could be traced to a raw row")
    read = _read_when_serving(case) | _named_when_serving(case)
    noticed = {name: case.witnesses[name].noticed for name in names if name in read}
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


def _read_when_serving(case: Case) -> set[str]:
    """Return the fields of the state that features or answers read."""
    read: set[str] = set()

    class Watched(type(case.state)):  # type: ignore[misc]
        def __getattribute__(self, name: str) -> Any:
            read.add(name)
            return super().__getattribute__(name)

    rows = rows_of(case, 0)
    state = copy.copy(case.state)
    state.__class__ = Watched
    case.served(rows.typed, state)
    answers(case, state, rows)
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


def _place(case: Case, name: str) -> dict[str, Any]:
    for site in case.plan.get("sites", []):
        if site.get("field") == name:
            return {
                "cell": site["cell"],
                "line": site["line"],
                "source": site.get("expression", ""),
            }
    return {}
