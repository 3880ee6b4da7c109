"""The serving path of a notebook becomes functions on numpy columns, or says where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbprod.modules import build
from nbprod.modules.values import Modules
from nbprod.notebook import read
from tests.cases.test_idioms import as_notebook

FIXTURES = Path(__file__).parents[2] / "fixtures"
HEAD = "import numpy as np\nimport pandas as pd\nfrom sklearn.linear_model import LogisticRegression\n\ndf = pd.read_csv('a.csv')"
FIT = "X = df[['a']]\nmodel = LogisticRegression()\nmodel.fit(X, df['y'])"


def built(*cells: str) -> Modules:
    return build(as_notebook("case", [HEAD, *cells, FIT]))


@pytest.fixture(scope="module")
def titanic() -> Modules:
    return build(read(FIXTURES / "titanic-messy" / "notebook.ipynb"))


def test_a_function_of_the_kernel_has_the_name_that_it_has_in_features(titanic: Modules) -> None:
    assert (
        "def add_title_and_fill_age(df: Columns, state: Any) -> Columns:"
        in titanic.files["kernel.py"]
    )
    assert "def add_title_and_fill_age(" in titanic.files["features.py"]


def test_a_kernel_imports_neither_pandas_nor_scikit_learn(titanic: Modules) -> None:
    for name, text in titanic.files.items():
        if name == "kernel.py" or name.startswith("vector/"):
            assert "import pandas" not in text
            assert "sklearn" not in text


def test_the_kernel_says_which_learned_values_it_reads(titanic: Modules) -> None:
    assert titanic.kernel["lowered"] is True
    assert "age_by_title" in titanic.kernel["learned"]


def test_only_functions_that_the_kernel_calls_are_generated() -> None:
    modules = built("df['a'] = df['a'].fillna(0)")
    assert "def fill(" in modules.files["vector/fill.py"]
    assert "def fill_frame(" not in modules.files["vector/fill.py"]
    assert "vector/texts.py" not in modules.files


def test_an_operation_without_a_rule_is_named_with_its_cell_and_line() -> None:
    modules = built("df['b'] = 1\ndf['a'] = df['a'].str.normalize('NFC')")
    assert modules.kernel == {
        "lowered": False,
        "reason": ".normalize() of a text has no rule",
        "cell": 2,
        "line": 2,
    }
    assert "kernel.py" not in modules.files


def test_a_mistake_of_a_rule_costs_the_kernel_and_not_the_conversion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nbprod.kernel.lower.print_kernel", lambda *given: 1 / 0)
    modules = built("df['a'] = df['a'] + 1")
    assert modules.kernel["lowered"] is False
    assert "a mistake of nbprod: ZeroDivisionError" in modules.kernel["reason"]
    assert "features.py" in modules.files


def test_statements_that_only_learn_are_no_part_of_the_kernel() -> None:
    modules = built("m = df['a'].rolling(3).mean().max()\ndf['a'] = df['a'] / m")
    assert "state.m" in modules.files["kernel.py"]
    assert "rolling" not in modules.files["kernel.py"]
