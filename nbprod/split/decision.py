"""How the notebook turns what its model says into an answer: thresholds, rounding, limits.

Where all uses of the model agree, that is the answer. Where a notebook tries several ways, the answer is the one that
leaves the notebook in a file, else the last one that no loop tries; the others are told, and a setting takes another.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from nbprod.findings import Finding
from nbprod.flow.program import origin
from nbprod.flow.scope import base_name
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.split.decision_uses import VALUE, Use, Uses, uses
from nbprod.split.sinks import Sink
from nbprod.split.threshold_search import Search, search_of

THRESHOLD = "DECISION_THRESHOLD"
WRITERS = ("to_csv", "to_excel", "to_parquet", "to_json", "to_feather", "to_sql", "savetxt")
_MOST_TOLD = 4


@dataclass(frozen=True)
class Decision:
    """An expression of the variable ``predictions``, and what is told about it.

    ``scores``: says of the probabilities of two classes, (n rows, 2), which rows are of the second one.
    ``class``: says so of what the model predicts. ``quantity``: turns predictions in the terms of the raw
    label into answers. ``threshold`` is the number that the setting of the expression has, None where
    the model's own predictions are the answer as long as nobody sets it. ``search`` finds it when the model is fitted.
    """

    kind: Literal["scores", "class", "quantity"]
    expression: str
    finding: Finding
    threshold: float | None = None
    search: Search | None = None

    @property
    def has_threshold(self) -> bool:
        """Whether the expression has the setting ``DECISION_THRESHOLD``."""
        return THRESHOLD in self.expression


def decision(flow: Flow, sink: Sink) -> Decision | None:
    """Return what the notebook makes of its model's output, None when it takes it as it is."""
    if not sink.model or sink.training is not None:
        return None
    found = uses(flow, sink)
    if found is None or found.renames:
        return None
    taken = [use for use in found.found if not use.trace.searched]
    methods = {use.trace.method for use in found.found if use.trace.decided}
    if not methods:
        return None
    if len(methods) > 1:
        return None
    if methods == {"predict_proba"}:
        plain = found.asked
    else:
        plain = tuple(use for use in taken if not use.trace.decided and not use.measured)
        if plain:  # a quantity that is looked at by a threshold, too, is a quantity
            return None
    decided = [use for use in taken if use.trace.decided]
    tried = [use for use in found.found if use.trace.decided and use not in decided]
    searches = {
        id(use): search
        for use in tried
        if isinstance(use.trace.node, ast.Compare)
        and use.trace.method == "predict_proba"
        and not use.repeated
        and (search := search_of(flow, sink, use.trace.node.comparators[0], use.statement))
    }
    return _chosen(decided, tried, plain, found, searches)


def _chosen(
    decided: list[Use],
    searched: list[Use],
    plain: tuple[Use, ...],
    found: Uses,
    searches: dict[int, Search],
) -> Decision | None:
    """Choose among ways to decide and plain predictions."""
    firm = [use for use in decided if not use.repeated]
    every = [*decided, *searched]
    threshold = all(_is_threshold(use) for use in every)
    agreed = len({use.trace.text for use in decided}) == 1 and len(firm) == len(decided)
    if agreed and not plain and not searched and not firm[-1].trace.names:
        return _decision(firm[-1], _agreed(firm[-1])) if _is_answer(firm[-1]) else None
    if not threshold or not all(_is_answer(use) for use in every):
        return None
    written = _written(found.behind)
    order = {id(statement): number for number, statement in enumerate(found.behind)}
    options = sorted(
        [
            *firm,
            *(use for use in searched if id(use) in searches),
            *(use for use in plain if not use.repeated),
        ],
        key=lambda use: (_leaves(use, written), order.get(id(use.statement), -1)),
    )
    best = options[-1] if options else None
    others = [use for use in (*decided, *searched, *plain) if best is None or not _same(use, best)]
    last = (firm or decided or searched)[-1]
    finding = _among(best, others, last)
    if best is None or not best.trace.decided:
        return _decision(last, finding, None)
    return replace(_decision(best, finding), search=searches.get(id(best)))


def _is_threshold(use: Use) -> bool:
    return isinstance(use.trace.node, ast.Compare)


def _is_answer(use: Use) -> bool:
    return not _is_threshold(use) or use.trace.second


def _same(one: Use, other: Use) -> bool:
    return one.trace.decided == other.trace.decided and one.trace.text == other.trace.text


_OWN = float("nan")  # the notebook's own threshold


def _decision(use: Use, finding: Finding, threshold: float | None = _OWN) -> Decision:
    node = use.trace.node
    kind: Literal["scores", "class", "quantity"] = "quantity"
    if use.trace.method == "predict_proba":
        kind = "scores"
    elif use.trace.second:
        kind = "class"
    if not isinstance(node, ast.Compare) or kind == "quantity":
        return Decision(kind, use.trace.text, finding)
    value = node.comparators[0]
    settable = ast.Compare(node.left, node.ops, [ast.Name(THRESHOLD, ast.Load())])
    own = isinstance(value, ast.Constant) and threshold is _OWN
    number = float(value.value) if own else None  # type: ignore[attr-defined]
    return Decision(kind, ast.unparse(settable), finding, number)


def _agreed(use: Use) -> Finding:
    return Finding(
        "I-DECISION",
        f"answers are decided as in the notebook: {_said(use)[:80]}",
        origin(use.at),
        ast.unparse(use.at)[:200],
    )


def _among(best: Use | None, others: list[Use], last: Use) -> Finding:
    """Tell which of several ways is served, and where the others stand."""
    number = "a number"
    if any(use.trace.searched and not use.repeated for use in others):
        number = "the number that the notebook finds"
    listed = list(dict.fromkeys(f"{_said(use)[:60]} ({_place(use)})" for use in others))
    more = f" and {len(listed) - _MOST_TOLD} more" if len(listed) > _MOST_TOLD else ""
    told = f"the notebook also has {', '.join(listed[:_MOST_TOLD])}{more}" if listed else ""
    at = (best or last).at
    served = "the model's own predictions" if best is None else _said(best)[:80]
    advice = (
        f"the setting {THRESHOLD} takes another: {number}, or null for the model's own predictions"
    )
    if best is not None and best.trace.searched:
        served += ", found anew when the model is fitted"
        advice = f"the setting {THRESHOLD} takes a number instead"
    names = best.trace.names if best is not None else ""
    if names:
        told = (
            f"{told}; it calls them {names}, the service answers with the model's classes".lstrip(
                "; "
            )
        )
    return Finding(
        "W-DECISION",
        f"answers are decided by {served}; {told}".rstrip("; "),
        origin(at),
        ast.unparse(at)[:200],
        advice,
    )


def _said(use: Use) -> str:
    return use.trace.text.replace(VALUE, "p") if use.trace.decided else "predict"


def _place(use: Use) -> str:
    at = origin(use.at)
    tried = ""
    if use.trace.decided:
        found = ", found by the notebook" if use.trace.searched else ""
        tried = ", tried in a loop" if use.repeated else found
    return f"cell {at.cell}:{at.line}{tried}"


def _written(behind: Iterable[ast.stmt]) -> set[str]:
    """Return the variables that go into a file, directly or through others."""
    found: set[str] = set()
    for statement in reversed(list(behind)):
        names = {n.id for n in walk(statement) if isinstance(n, ast.Name)}
        if any(_writes(n) for n in walk(statement)):
            found |= names
        elif isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if {base_name(target) for target in targets} & found:
                found |= names
    return found


def _writes(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and (
        isinstance(node.func, ast.Attribute) and node.func.attr in WRITERS
    )


def _leaves(use: Use, written: set[str]) -> bool:
    """Say whether what a use gives leaves the notebook in a file."""
    statement = use.statement
    if any(_writes(n) for n in walk(statement)):
        return True
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(base_name(target) in written for target in targets)


__all__ = ["THRESHOLD", "Decision", "decision"]
