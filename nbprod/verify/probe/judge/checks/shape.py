"""V2: ``transform`` keeps rows and order, leaves its input alone, and needs no label."""

from __future__ import annotations

import pandas as pd

from ... import comparison, tables
from ..case import FAILED, PROVEN, Case, Outcome
from ..wording import error, finding

ID, NAME = "V2", "shape"


def check(case: Case) -> Outcome:
    """Look at one batch and one row, with and without the label."""
    problems = []
    sample = case.raw.iloc[case.positions[case.known[:50]]]
    typed = case.schema.coerce(sample)
    before = typed.copy(deep=True)
    features = case.package.features.transform(typed, case.state)
    if not typed.equals(before) or list(typed.columns) != list(before.columns):
        problems.append("transform changes the frame that it is given")
    found = tables.table(features)
    expected = case.notebook.X
    if found is None or (found.rows, found.width) != (len(sample), expected.width):
        shape = "no table" if found is None else f"{found.rows} x {found.width}"
        problems.append(f"transform returns {shape} for {len(sample)} rows")
    else:
        if isinstance(features, pd.DataFrame) and not features.index.equals(sample.index):
            problems.append("transform does not keep the row labels")
        if expected.kind == "frame" and found.names != expected.names:
            problems.append("transform names the features differently than training")
        problems += _types(case, found, "a batch")
    problems += _types(case, case.features(sample.iloc[:1]), "one row")
    problems += _without_label(case, sample)
    if problems:
        return Outcome(FAILED, problems[0], tuple(finding("E-SHAPE", p) for p in problems))
    return Outcome(PROVEN, f"{len(sample)} rows in order, input unchanged, label not needed")


def _types(case: Case, found: tables.Table, what: str) -> list[str]:
    expected = case.notebook.X
    other = [expected.name(i) for i in expected.number_at if i in found.objects]
    other += [expected.name(i) for i in expected.objects if i in found.number_at]
    return [f"{other[0]!r} has another type than in training for {what}"] if other else []


def _without_label(case: Case, sample: pd.DataFrame) -> list[str]:
    target = case.plan.get("target")
    if not target or target not in sample.columns:
        return []
    try:
        found = case.features(sample.drop(columns=[target]))
        before = case.features(sample)
    except Exception as problem:  # noqa: BLE001  the package under judgement may raise anything
        return [f"without the label {target!r} transform fails: {error(problem)}"]
    differs = comparison.differences(before, found)
    return [f"without the label {target!r} the features differ"] if differs.any() else []
