"""What classes of the notebook read besides their arguments: written values come along, computed ones are named."""

from __future__ import annotations

from nbprod.modules import build
from nbprod.modules.values import Modules
from nbprod.notebook.values import Cell, Notebook

CLASS = """import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
df = pd.read_csv('homes.csv')
{before}
class PerRoom(BaseEstimator, TransformerMixin):
    def fit(self, X, y=None):
        return self
    def transform(self, X):
        return X[:, [people]] / X[:, [rooms]]
{after}
X = df[['rooms', 'people']].values
model = make_pipeline(PerRoom(), LinearRegression()).fit(X, df['price'])
"""
WRITTEN = "rooms, people = 0, 1"
COMPUTED = "rooms, people = [df.columns.get_loc(c) for c in ('rooms', 'people')]"


def _built(before: str, after: str = "") -> Modules:
    code = CLASS.format(before=before, after=after)
    return build(Notebook("n.ipynb", "n", (Cell(1, "code", code, code),)))


def _says_the_values(modules: Modules) -> bool:
    text = modules.files["transformers.py"]
    return "from .config import PEOPLE, ROOMS" in text or (
        "rooms = 0" in text and "people = 1" in text
    )


def _found(modules: Modules) -> dict[str, str]:
    return {f.code: f.message for f in modules.findings if f.code.endswith(("AGAIN", "READS"))}


def test_written_values_come_with_the_class() -> None:
    modules = _built(WRITTEN)

    assert _says_the_values(modules)
    assert _found(modules) == {}


def test_a_value_that_is_computed_later_is_named() -> None:
    modules = _built(WRITTEN, COMPUTED)

    assert _says_the_values(modules)
    assert list(_found(modules)) == ["W-SET-AGAIN"]
    assert "people, rooms" in _found(modules)["W-SET-AGAIN"]


def test_a_value_that_is_only_computed_is_refused_where_it_is_made() -> None:
    modules = _built(COMPUTED)

    assert list(_found(modules)) == ["E-CLASS-READS"]
    finding = next(f for f in modules.findings if f.code == "E-CLASS-READS")
    assert "people, rooms" in finding.message
    assert finding.origin is not None
    assert finding.origin.line == 6
