"""A package never reads a name that nothing in it makes: what it needs comes along, or it is refused."""

from __future__ import annotations

import pytest

from nbprod.findings import NotebookError
from nbprod.flow.unbound import unbound
from nbprod.modules import build
from nbprod.modules.imports import parsed
from nbprod.modules.values import Modules
from nbprod.notebook.values import Cell, Notebook

HEAD = "import pandas as pd\nfrom sklearn.linear_model import LinearRegression\ndf = pd.read_csv('t.csv')\n"
FIT = "model.fit(df[['a']], df['y'])\nmodel.predict(df[['a']])"
CLASS = """from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import make_pipeline

LIMIT = 3

def capped(rows):
    return rows.clip(upper=LIMIT)

def twice(rows):
    return capped(rows) * 2

def unused(rows):
    return rows

class Twice(BaseEstimator, TransformerMixin):
    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return twice(X)

model = make_pipeline(Twice(), LinearRegression())
"""


def built(text: str) -> Modules:
    return build(Notebook("n.ipynb", "n", (Cell(1, "code", text, text),)))


def test_functions_that_a_class_calls_come_with_it() -> None:
    text = built(HEAD + CLASS + FIT).files["transformers.py"]
    assert unbound(parsed(text).body) == []
    assert "def capped" in text
    assert "def twice" in text
    assert "def unused" not in text


def test_numbers_that_a_class_reads_come_with_it() -> None:
    text = (
        HEAD
        + CLASS.replace("LIMIT = 3", "low, high = 3, 4\nlow, high = 5, 6").replace("LIMIT", "high")
        + FIT
    )
    found = built(text).files["transformers.py"]
    assert "low, high = 5, 6" in found or "high = 6" in found
    assert unbound(parsed(found).body) == []


def test_what_a_class_reads_and_data_decides_is_refused() -> None:
    text = HEAD + CLASS.replace("LIMIT = 3", "low, high = df['a'].min(), 4").replace("LIMIT", "low")
    with pytest.raises(NotebookError, match="E-INTERNAL"):
        built(text + FIT)


@pytest.mark.parametrize(
    "block",
    [
        "with zipfile.ZipFile('a.zip') as z:\n    with z.open('w.csv') as f:\n        df = pd.read_csv(f)",
        "with zipfile.ZipFile('a.zip') as z, z.open('w.csv') as f:\n    df = pd.read_csv(f)",
        "with open('a.csv') as f:\n    df = pd.read_csv(f)",
    ],
)
def test_what_a_block_opens_is_opened_by_the_package(block: str) -> None:
    head = (
        "import zipfile\nimport pandas as pd\nfrom sklearn.linear_model import LinearRegression\n"
    )
    text = built(f"{head}{block}\nmodel = LinearRegression()\n{FIT}").files["data.py"]
    assert unbound(parsed(text).body) == []
    assert "    f = " in text


def test_a_name_that_no_cell_defines_is_the_notebooks() -> None:
    with pytest.raises(NotebookError, match="E-UNBOUND: the model depends on best, which no cell"):
        built(HEAD + "model = best.best_estimator_\n" + FIT)


def test_names_bound_by_patterns_are_bound() -> None:
    body = parsed(
        "match 1:\n    case [a, *b]:\n        a, b\n    case {'k': c, **d}:\n        c, d"
    ).body
    assert unbound(body) == []
