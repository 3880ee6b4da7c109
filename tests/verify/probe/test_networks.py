"""V11 of a network: proven where both runs trained from the same numbers, never claimed where they did not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nbprod.verify.probe import tables
from nbprod.verify.probe.judge.checks import answers

EXPECTED = np.array([[0.25], [0.5], [0.75]])


def case(given: Any, labels: Any = None, told: Any = None) -> Any:
    """Return a case whose notebook's network predicts ``EXPECTED`` and the package's ``given``."""
    notebook = SimpleNamespace(
        model="keras.src.models.sequential.Sequential", predictions=tables.table(EXPECTED), asked=[]
    )
    package = SimpleNamespace(
        answers=SimpleNamespace(target=lambda rows, state: told, answer=lambda y, state: y)
    )
    model = SimpleNamespace(predict=lambda X: np.asarray(given))
    raw = SimpleNamespace(iloc=_Rows(), index=range(3))
    return SimpleNamespace(
        notebook=notebook, package=package, bundle=SimpleNamespace(model=model), raw=raw,
        training=SimpleNamespace(X=None, y=labels), known=np.arange(3), positions=np.arange(3),
        lineage="", plan={}, state=None,
    )  # fmt: skip


class _Rows:
    def __getitem__(self, places: Any) -> Any:
        return SimpleNamespace(index=list(places))


def test_equal_predictions_are_proven_and_say_why() -> None:
    outcome = answers.check(case(EXPECTED + 1e-7))
    assert outcome.status == "proven"
    assert "same in both runs" in outcome.figure
    assert outcome.assumptions


@pytest.mark.parametrize("given", [EXPECTED + 0.01, EXPECTED[:2], np.full((3, 1), np.nan)])
def test_other_weights_are_not_claimed(given: Any) -> None:
    outcome = answers.check(case(given))
    assert outcome.status == "n/a"
    assert "differently each time" in outcome.figure


def test_a_label_that_is_not_recovered_fails_for_a_network_too() -> None:
    wrong = case(EXPECTED, labels=np.array([0, 1, 2]), told=np.array(["a", "b", "c"]))
    assert answers.check(wrong).status == "failed"
