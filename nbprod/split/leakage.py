"""What a notebook learns from rows that it later pretends not to have seen."""

from __future__ import annotations

import ast

from nbprod.findings import Finding, Origin
from nbprod.flow.tree import walk
from nbprod.flow.values import Flow
from nbprod.split.learned_values import LearnSite
from nbprod.split.sinks import Sink

ADVICE = {
    "W-LEAK-SPLIT": "split first, learn from the training part only",
    "W-LEAK-TEST": "learn from the training rows only",
    "W-TARGET-ENC": "learn it out of fold, or with sklearn.preprocessing.TargetEncoder",
}
IGNORED = ("columns", "branch", "snapshot", "categories")
HARMLESS = (
    ".columns",
    ".dtypes",
    ".shape",
    "LabelEncoder",
    "OrdinalEncoder",
    "OneHotEncoder",
    "DictVectorizer",
)


def leaks(
    flow: Flow, sink: Sink, sites: list[LearnSite], features: int, column: str
) -> list[Finding]:
    """Return a finding for every value learned from held-back rows, test rows or the label.

    The first ``features`` sites belong to the features, the others to the label itself, whose ``column`` is
    empty when it is not known.
    """
    found: list[Finding] = []
    split = _splits(flow, sink)
    for number, site in enumerate(sites):
        if site.kind in IGNORED or any(name in site.expression for name in HARMLESS):
            continue
        at = Origin(site.cell, site.line)
        text = site.expression.split("\n")[0][:80]
        if site.fitted_on == "train+test":
            found.append(
                _finding(
                    "W-LEAK-TEST",
                    f"{text} is learned from training and test rows together",
                    at,
                    site,
                )
            )
        elif site.fitted_on == "all rows" and split:
            found.append(
                _finding("W-LEAK-SPLIT", f"{text} is learned before the train/test split", at, site)
            )
        reads = number < features and _mentions(site.expression, column)
        if (site.uses_target or reads) and site.kind not in ("estimator", "categories"):
            found.append(
                _finding("W-TARGET-ENC", f"{text} uses the label of the same rows", at, site)
            )
    return found


def _mentions(expression: str, column: str) -> bool:
    """Say whether an expression names a column."""
    try:
        tree = ast.parse(expression, mode="eval")
    except SyntaxError:
        return False
    if not column or "corr" in expression:  # a choice of columns, which is not a value of the rows
        return False
    return any(
        (isinstance(n, ast.Constant) and n.value == column)
        or (isinstance(n, ast.Attribute) and n.attr == column)
        for n in ast.walk(tree)
    )


def _finding(code: str, message: str, at: Origin, site: LearnSite) -> Finding:
    return Finding(
        code,
        f"{message}; the scores of the notebook may be too good",
        at,
        site.expression,
        ADVICE[code],
    )


def _splits(flow: Flow, sink: Sink) -> bool:
    """Say whether the features that are fitted went through a train/test split."""
    axis = flow.val(sink.x).axis
    while axis is not None:
        if flow.axes[axis].how.startswith("split"):
            return True
        axis = flow.axes[axis].parent
    return any(isinstance(n, ast.Call) and flow.rule(n) == "split" for n in walk(sink.statement))
