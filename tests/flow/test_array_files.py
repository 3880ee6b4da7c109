"""Arrays that are read from a file get numbered columns, where they have columns."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.array_files import as_tables

HEAD = "import numpy as np\n"


def rewritten(text: str) -> list[str]:
    return [ast.unparse(node) for node in as_tables(ast.parse(HEAD + text).body)]


@pytest.mark.parametrize("use", ["X = a[:, :2]", "model.fit(a, y)", "p = train_test_split(a, y)"])
@pytest.mark.parametrize("reader", ["loadtxt", "genfromtxt"])
def test_a_matrix_is_a_table_and_its_values(reader: str, use: str) -> None:
    assert rewritten(f"a = np.{reader}('a.csv', delimiter=',')\n{use}")[1:4] == [
        "import pandas as pd",
        f"a_table = pd.DataFrame(np.{reader}('a.csv', delimiter=',')).add_prefix('column_')",
        "a = a_table.to_numpy()",
    ]


def test_the_file_may_have_a_name() -> None:
    text = "path = 'a.csv'\na = np.loadtxt(path)\nmodel.fit(a, y)"
    assert rewritten(text)[3] == "a_table = pd.DataFrame(np.loadtxt(path)).add_prefix('column_')"


@pytest.mark.parametrize(
    "text",
    [
        "y = np.loadtxt('y.txt')\nmodel.fit(X, y)",
        "a, b = np.loadtxt('a.txt', unpack=True)\nmodel.fit(a, b)",
        "a = np.genfromtxt('a.csv', names=True)\nmodel.fit(a, y)",
        "a = np.load('a.npy')\nmodel.fit(a, y)",
    ],
)
def test_other_shapes_stay(text: str) -> None:
    assert rewritten(text) == [ast.unparse(n) for n in ast.parse(HEAD + text).body]
