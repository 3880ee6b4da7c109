"""Every statement ends with exactly one role."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbprod.flow.program import origin, parse
from nbprod.modules import build
from nbprod.notebook import read

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures").glob("*/notebook.ipynb"))
ROLES = {
    "serve", "learn", "fit", "load", "target", "model", "evaluate", "display", "import", "unused", "refused",
}  # fmt: skip


@pytest.mark.parametrize("path", FIXTURES, ids=lambda p: p.parent.name)
def test_every_statement_has_exactly_one_role(path: Path) -> None:
    notebook = read(path)
    written = [(origin(s).cell, origin(s).line) for s in parse(notebook).body]
    given = [(s.cell, s.line) for s in build(notebook).statements]
    assert given == written
    assert {s.role for s in build(notebook).statements} <= ROLES


@pytest.mark.parametrize("path", FIXTURES, ids=lambda p: p.parent.name)
def test_building_twice_gives_the_same_text(path: Path) -> None:
    assert build(read(path)).files == build(read(path)).files


ROWS = """# %%
import pandas as pd
df = pd.read_csv("rows.csv")
# %%
df = df[df["a"] < 300]
df.dropna(subset=["a"], inplace=True)
df = df.dropna(subset=["b"]).copy()
df = df.loc[df.a > 1].sample(frac=1)
X = df[["a", "b"]].dropna()
# %%
from sklearn.svm import SVC
SVC().fit(X, df["c"]).predict(X)
"""


def test_statements_that_only_choose_rows_belong_to_training(tmp_path: Path) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(ROWS)
    roles = {(s.cell, s.line): s.role for s in build(read(path)).statements}
    assert [roles[2, line] for line in range(1, 6)] == ["fit", "fit", "fit", "fit", "serve"]
