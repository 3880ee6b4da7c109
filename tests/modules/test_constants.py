"""Literals of the notebook become settings; a role that a person gave a cell says more about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbprod.modules import build
from nbprod.modules.values import Modules
from nbprod.notebook import read
from nbprod.render import current, render

START = """# %% tags=["load"]
import pandas as pd
from shop import fetch

df = fetch("customers", days=30)
# %% tags=["parameters"]
TREES = 20
depth = 4
# %% tags=["injected-parameters"]
depth = 6
# %%
LEAVES = 3
# %% tags=["keep"]
def explain(row):
    return LIMIT * row["a"]

LIMIT = 3
# %%
df["a"] = df["a"].fillna(df["a"].median())
# %%
from sklearn.ensemble import RandomForestClassifier

forest = RandomForestClassifier(n_estimators=TREES, max_depth=depth, min_samples_leaf=LEAVES)
forest.fit(df[["a", "b"]], df["y"])
"""


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Modules:
    path = tmp_path_factory.mktemp("said") / "notebook.py"
    path.write_text(START)
    return build(read(path))


def test_a_parameters_cell_makes_parameters_and_the_injected_value_wins(modules: Modules) -> None:
    kinds = {s.name: (s.kind, s.value) for s in modules.settings}
    assert kinds["TREES"] == ("parameter", "20")
    assert kinds["DEPTH"] == ("parameter", "6")
    assert kinds["LEAVES"] == ("constant", "3")


def test_a_parameter_can_be_set_from_the_environment(
    modules: Modules, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = render(modules, environment=current(modules.imports), data_dir="..")
    text = tree[f"src/{modules.package}/config.py"]
    monkeypatch.setenv(f"{modules.package.upper()}_DEPTH", "9")
    settings: dict[str, object] = {"__file__": "/project/src/package/config.py"}
    exec(compile(text, "config.py", "exec"), settings)
    assert (settings["DEPTH"], settings["TREES"], settings["LEAVES"]) == (9, 20, 3)


def test_a_load_cell_may_read_a_table_in_a_way_nobody_knows(modules: Modules) -> None:
    assert 'fetch("customers", days=30)' in modules.files["data.py"]
    assert "from shop import fetch" in modules.files["data.py"]


def test_a_keep_cell_keeps_its_functions_and_what_they_read(modules: Modules) -> None:
    assert "def explain(row)" in modules.files["features.py"]
    assert "LIMIT" in {s.name for s in modules.settings}


def test_without_the_tags_nothing_of_that_is_assumed(tmp_path: Path) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(START.replace('tags=["keep"]', "").replace('tags=["parameters"]', ""))
    modules = build(read(path))
    assert "explain" not in modules.files["features.py"]
    assert {s.name: s.kind for s in modules.settings}["TREES"] == "constant"
