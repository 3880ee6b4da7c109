"""V9: rows that training never saw have a defined outcome."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...tables import Table
from ..case import FAILED, PARTIAL, PROVEN, Case, Outcome
from ..wording import finding

ID, NAME = "V9", "edge rows"
MOST_COLUMNS = 24
ADVICE = "fill or reject such values: see DOMAIN_POLICY in config.py"


def check(case: Case) -> Outcome:
    """Send no row, a row of nulls, unknown categories and numbers out of range."""
    empty = _empty(case)
    if empty:
        return Outcome(FAILED, empty, (finding("W-EDGE", empty),))
    counts: dict[str, int] = {}
    silent = []
    edges = list(_edges(case))
    outcomes = _outcomes(case, [record for _, record in edges])
    for (what, _), outcome in zip(edges, outcomes, strict=True):
        counts[outcome] = counts.get(outcome, 0) + 1
        if outcome == "silent":
            silent.append(what)
    told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    if silent:
        message = (
            f"{', '.join(silent[:3])}: the model gets missing features that it never saw in training, "
            "and the answer carries no warning"
        )
        note = {"kind": "edge", "text": message}
        return Outcome(PARTIAL, told, (finding("W-EDGE", message, ADVICE),), assumptions=(note,))
    return Outcome(PROVEN, told or "no column to vary")


def _empty(case: Case) -> str:
    try:
        found = case.features(case.raw.iloc[:0])
    except Exception:  # noqa: BLE001  the package under judgement may raise anything
        return ""  # texts that nobody split have no parts; service and `score` never ask for none
    return "" if found.rows == 0 else f"{found.rows} rows for none"


def _edges(case: Case) -> Iterator[tuple[str, dict[str, Any]]]:
    place = int(case.positions[case.known[0]]) if len(case.known) else 0
    base = case.records([place])[0]
    used = [column for column in case.schema.columns if column.required][:MOST_COLUMNS]
    yield "a row of nulls", {**base, **{column.name: None for column in used}}
    for column in used:
        yield f"null in {column.name!r}", {**base, column.name: None}
        value = base.get(column.name)
        if column.dtype in ("object", "category", "string", "str"):
            yield f"an unknown {column.name!r}", {**base, column.name: "never seen before"}
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            high = (column.maximum or 0) * 10 + 1000
            low = -abs(column.minimum or 0) * 10 - 1000
            yield f"a large {column.name!r}", {**base, column.name: _like(value, high)}
            yield f"a small {column.name!r}", {**base, column.name: _like(value, low)}


def _like(value: float, wanted: float) -> float:
    return int(wanted) if isinstance(value, int) else wanted


def _outcomes(case: Case, records: list[dict[str, Any]]) -> list[str]:
    """Return ``rejected``, ``flagged``, ``answered`` or ``silent`` for every record.

    Records are answered together, and apart where one of them is refused: that a row's features do not
    depend on its company is the business of another check.
    """
    try:
        frame = case.schema.frame(records)
        features = case.package.features.transform(frame, case.state)
        found = case.as_table(features)
        if case.bundle is not None:
            case.package.answers.predict(case.bundle.model, features)
        warnings = case.schema.warnings(frame)
    except Exception:  # noqa: BLE001  refusing a row is a defined outcome
        half = len(records) // 2
        if not half:
            return ["rejected"] * len(records)
        return _outcomes(case, records[:half]) + _outcomes(case, records[half:])
    rows = [found.take([i]) for i in range(len(records))]
    return [
        "flagged" if any(told) else "silent" if _newly_missing(case, row) else "answered"
        for row, told in zip(rows, warnings, strict=True)
    ]


def _newly_missing(case: Case, row: Table) -> bool:
    return bool(np.any(row.has_missing() & ~case.trained_missing))
