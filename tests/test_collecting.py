"""Garbage is looked for rarely while a notebook is converted, and as before afterwards."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbprod.__main__ import main
from nbprod.collecting import RARELY, rarely_collected
from nbprod.findings import NotebookError
from nbprod.pipeline import analyse


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_the_threshold_is_raised_inside_and_restored() -> None:
    gc.set_threshold(700, 11, 12)
    with rarely_collected():
        assert gc.get_threshold() == (RARELY, 11, 12)
        with rarely_collected():
            assert gc.get_threshold()[0] == RARELY
        assert gc.get_threshold()[0] == RARELY
    assert gc.get_threshold() == (700, 11, 12)


@pytest.mark.parametrize("chosen", [0, 5 * RARELY])
def test_who_collects_even_less_is_left_alone(chosen: int) -> None:
    gc.set_threshold(chosen, 10, 10)
    with rarely_collected():
        assert gc.get_threshold()[0] == chosen


def test_a_conversion_that_fails_restores_it_too(tmp_path: Path) -> None:
    gc.set_threshold(700, 10, 10)
    with pytest.raises(NotebookError):
        analyse(tmp_path / "missing.ipynb")
    assert gc.get_threshold() == (700, 10, 10)


def test_a_conversion_runs_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gc.set_threshold(700, 10, 10)
    seen: list[int] = []

    def read(paths: object) -> None:
        seen.append(gc.get_threshold()[0])
        raise NotebookError("enough")

    monkeypatch.setattr("nbprod.notebook.read_together", read)
    with pytest.raises(NotebookError, match="enough"):
        analyse(tmp_path / "n.ipynb")
    assert seen == [RARELY]


def test_the_command_ends_without_another_search_and_with_its_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(sys, "argv", ["nbprod", "check", "n.ipynb"])
    monkeypatch.setattr("nbprod.cli.run", lambda: seen.append("ran") or 1)
    monkeypatch.setattr(gc, "freeze", lambda: seen.append("frozen"))
    with pytest.raises(SystemExit) as ended:
        main()
    assert (seen, ended.value.code) == (["ran", "frozen"], 1)
