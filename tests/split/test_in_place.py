"""A column that is changed in place means what it means in the notebook's own pandas."""

from __future__ import annotations

import pytest

from nbprod.modules import build
from nbprod.modules.values import Modules
from nbprod.notebook.values import Cell, Notebook

CELLS = (
    "import pandas as pd\ndf = pd.read_csv('shop.csv')",
    "df['a'].fillna(df['a'].median(), inplace=True)\ndf['a'] = df['a'].fillna(0)",
    "from sklearn.linear_model import LinearRegression\nX = df[['a']]\ny = df['y']\nmodel = LinearRegression().fit(X, y)\nmodel.predict(X)",
)


def built(pandas: str) -> Modules:
    cells = tuple(Cell(number, "code", text, text) for number, text in enumerate(CELLS, 1))
    return build(Notebook("n.ipynb", "n", cells, pandas=pandas))


@pytest.mark.parametrize("version", ["1.5.3", "2.3.3"])
def test_before_pandas_3_it_is_an_assignment(version: str) -> None:
    modules = built(version)

    assert "median" in modules.files["features.py"]
    (finding,) = [f for f in modules.findings if f.code == "W-COW"]
    assert "written as an assignment" in finding.message


def test_since_pandas_3_it_changes_nothing() -> None:
    modules = built("3.0.0")

    assert "median" not in modules.files["features.py"]
    assert "fillna(0)" in modules.files["features.py"]
    (finding,) = [f for f in modules.findings if f.code == "W-COW"]
    assert "left out" in finding.message
    assert finding.origin is not None
    assert (finding.origin.cell, finding.origin.line) == (2, 1)
