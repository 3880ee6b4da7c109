"""Random notebooks put together from ``compositions.toml``: what is split equals the notebook, or is refused.

Each seed is one notebook. One that does not run is left out; one with a statement whose rows depend on each
other may be refused; every other one must serve the notebook's features for all rows and for single rows.
"""

from __future__ import annotations

import random
import sys
import tomllib
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nbprod.modules import build
from tests.cases.test_idioms import as_notebook, check, import_package, passengers, run_notebook

PARTS: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("compositions.toml").read_text("utf-8")
)
# Statements that one request cannot repeat, so that refusing them is right.
ACROSS_ROWS = (
    ".rank()", ".shift(", ".cumsum()", ".rolling(", ".duplicated(", "random.rand", ".interpolate(", ".ffill(",
    "df.index", "range(len(df))",
)  # fmt: skip


def composed(seed: int) -> list[str]:
    """Return the cells of a notebook: gaps filled, rows filtered, columns made and encoded, a model fitted."""
    r = random.Random(seed)
    body: list[str] = []
    if r.random() < 0.8:
        body.append(r.choice(PARTS["gaps"]))
    if r.random() < 0.8:
        body.append(r.choice(PARTS["ports"]))
    body += r.sample(PARTS["columns"], r.randint(0, 4))
    body += r.sample(PARTS["rows"], r.choice([0, 0, 1, 1, 2]))
    if r.random() < 0.5:
        body.append(r.choice(PARTS["sexes"]))
    r.shuffle(body)
    if r.random() < 0.5:
        body.append(r.choice(PARTS["titles"]))
        if r.random() < 0.6:
            body.append(r.choice(PARTS["rare_titles"]))
        body.append(r.choice(PARTS["encoded_titles"]))
    if r.random() < 0.6:
        body.append(r.choice(PARTS["encoded_ports"]))
    if r.random() < 0.15:
        inside = "".join(f"    {line}\n" for part in body for line in part.split("\n"))
        body = [
            f"def prepare(df):\n    df = df.copy()\n{inside}    return df\n\n\ndf = prepare(df)"
        ]
    return [PARTS["head"], *body, r.choice(PARTS["features"]), r.choice(PARTS["fits"])]


def judge(seed: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what became of a notebook: served, refused or not run.

    Raises:
        AssertionError: it is served with other features, or refused without a reason.
    """
    cells, name = composed(seed), f"composed_{seed}"
    monkeypatch.chdir(folder)
    passengers().to_csv(folder / "passengers.csv", index=False)
    np.random.seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            features, labels, predicted, _ = run_notebook(cells)
        except Exception:  # noqa: BLE001  a composition that makes no sense
            return "not run"
        modules = build(as_notebook(name, cells))
        refused = [f for f in modules.findings if f.code.startswith("E-")]
        if refused:
            assert any(across in cell for across in ACROSS_ROWS for cell in cells), refused
            return "refused"
        package = import_package(name, modules, folder, monkeypatch)
        try:
            check(package, features, labels, predicted, None, [])
        finally:
            for module in [m for m in sys.modules if m.split(".")[0] == name]:
                del sys.modules[module]
    return "served"


@pytest.mark.parametrize("seed", range(8))
def test_a_composed_notebook_is_served_as_it_is_or_refused(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge(seed, tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8, 400))
def test_more_composed_notebooks(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge(seed, tmp_path, monkeypatch)


def test_most_compositions_run_and_are_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [judge(seed, tmp_path, monkeypatch) for seed in range(1000, 1008)]
    assert found.count("served") >= 2
