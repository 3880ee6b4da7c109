"""A conversion that ends in names that nothing defines counts as failed, like a crash."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import corpus_static
from benchmarks.corpus_names import keep_modules, undefined_names


def test_a_name_that_nothing_defines_is_named_with_its_line(tmp_path: Path) -> None:
    keep_modules({"src/p/features.py": "x = 1\ny = ghost\n"}, tmp_path / "0")
    keep_modules({"src/p/features.py": "x = 1\n", "tests/t.py": "ghost\n"}, tmp_path / "1")
    found = undefined_names(tmp_path)
    assert list(found) == ["0"]
    assert found["0"][0].startswith("src/p/features.py:2 ")
    assert "ghost" in found["0"][0]


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    lines = [
        "import pandas as pd",
        "from sklearn.linear_model import LinearRegression",
        "df = pd.read_csv('t.csv')",
        "model = LinearRegression().fit(df[['a']], df['b'])",
    ]
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": []}
    content = {"cells": [{**cell, "source": "\n".join(lines)}], "metadata": {}}
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({**content, "nbformat": 4, "nbformat_minor": 5}), "utf-8")
    return path


def test_static_conversion_ends_green_and_says_how_many_names_nothing_defines(
    notebook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert corpus_static.convert_all([{"id": "n", "path": notebook.name}], notebook.parent) == 0
    assert "packages with names that nothing defines: 0" in capsys.readouterr().out


def test_static_conversion_fails_on_a_name_that_nothing_defines(
    notebook: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = {"src/p/model.py": "answer = ghost\n"}
    monkeypatch.setattr("nbprod.pipeline.render_project", lambda analysed: broken)
    assert corpus_static.convert_all([{"id": "n", "path": notebook.name}], notebook.parent) == 1
    assert "ghost" in capsys.readouterr().out
