"""V12: which raw columns a request must carry."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nbprod.verify.probe import tables
from nbprod.verify.probe.judge.checks import required_columns


def case(required: set[str], y: Any = None) -> Any:
    rows = pd.DataFrame({"a": [1.0, 2.0, 3.0] * 10, "b": [0.0] * 29 + [5.0], "label": [0, 1] * 15})

    def served(frame: pd.DataFrame) -> Any:
        return tables.table(frame[["a", "b"]].to_numpy())

    columns = [SimpleNamespace(name=name, required=name in required) for name in rows.columns]
    return SimpleNamespace(
        known=np.arange(30), positions=np.arange(30), typed=rows, raw=rows, served=served,
        plan={"target": ""}, schema=SimpleNamespace(columns=columns),
        notebook=SimpleNamespace(y=y), package=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("required", "status"),
    [
        ({"a", "b"}, "proven"),
        ({"a", "b", "label"}, "partial"),  # requests have no label
        ({"a"}, "failed"),  # one row in thirty shows that b matters
    ],
)
def test_a_request_carries_what_matters_and_no_label(required: set[str], status: str) -> None:
    assert required_columns.check(case(required)).status == status


@pytest.mark.parametrize(
    ("label", "status"), [("a", "failed"), ("label", "proven"), (None, "proven")]
)
def test_a_feature_of_a_column_that_is_the_label_itself_is_a_leak(
    monkeypatch: pytest.MonkeyPatch, label: str | None, status: str
) -> None:
    monkeypatch.setattr(required_columns.lockstep, "locate_column", lambda *_: {})
    rows = case({"a", "b"}).raw
    y = tables.table(rows[label].to_numpy()) if label else None
    outcome = required_columns.check(case({"a", "b"}, y))
    assert outcome.status == status
    assert [f["code"] for f in outcome.findings] == ["E-TARGET-LEAK"] * (status == "failed")


def test_columns_may_have_numbers_for_names() -> None:
    numbered = case({"0", "1"}, tables.table(np.array([0, 1] * 15)))
    numbered.raw = numbered.typed = numbered.raw.set_axis([0, 1, 2], axis=1)
    numbered.served = lambda frame: tables.table(frame[[0, 1]].to_numpy())
    numbered.schema.columns = [
        SimpleNamespace(name=name, required=name < 2) for name in numbered.raw.columns
    ]
    assert required_columns.check(numbered).status == "proven"
