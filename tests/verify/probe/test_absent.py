"""What only training needs cannot be imported where a trained version is loaded."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest

from nbprod.verify.probe.judge.absent import TrainingOnly, absent


def test_a_library_is_absent_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in sys.modules if n.split(".")[0] == "wsgiref"]:
        monkeypatch.delitem(sys.modules, name)
    with absent(["wsgiref"]), pytest.raises(TrainingOnly, match="needs wsgiref"):
        importlib.import_module("wsgiref.util")
    assert importlib.import_module("wsgiref.util")


def test_a_version_that_needs_it_fails(shop: Any, failed: Any) -> None:
    shop.plan["training_imports"] = ["sklearn"]

    verdict = shop.verify()

    assert "V7" in failed(verdict)
    figure = next(c.figure for c in verdict.checks if c.id == "V7")
    assert "sklearn" in figure
    assert verdict.level == "unverified"
