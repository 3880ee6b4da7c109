"""Arrays that are read from a file get numbered columns, where they have columns."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.array_files import as_tables

HEAD = "import numpy as np\n"


def rewritten(text: str) -> list[str]:
    return [ast.unparse(node) for node in as_tables(ast.parse(HEAD + text).body)]


@pytest.mark.parametrize("use", ["X = a[:, :2]", "model.fit(a, y)", "p = train_test_split(a, y)"])
@pytest.mark.parametrize("reader", ["loadtxt", "genfromtxt", "load"])
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
    ],
)
def test_other_shapes_stay(text: str) -> None:
    assert rewritten(text) == [ast.unparse(n) for n in ast.parse(HEAD + text).body]


def read(text: str) -> list[str]:
    """Return the expressions that are read as they stand."""
    body = as_tables(
        ast.parse(HEAD + "import pandas as pd\nfrom scipy.io import loadmat\n" + text).body
    )
    return [ast.unparse(n) for s in body for n in ast.walk(s) if hasattr(n, "table")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("df = pd.DataFrame(np.load('a.npy'))", "pd.DataFrame(np.load('a.npy'))"),
        (
            "a = np.loadtxt('a.csv')\ndf = pd.DataFrame(a, columns=['b'])",
            "pd.DataFrame(np.loadtxt('a.csv'), columns=['b'])",
        ),
        (
            "df = pd.DataFrame(np.load('a.npy'))\ndf['y'] = np.load('y.npy').ravel()",
            "pd.DataFrame(np.load('a.npy')).assign(y=np.load('y.npy').ravel())",
        ),
        (
            "df = pd.DataFrame(loadmat('m')['X'])\ndf['the y'] = loadmat('m')['y']",
            "pd.DataFrame(loadmat('m')['X']).assign(**{'the y': loadmat('m')['y']})",
        ),
    ],
)
def test_a_table_of_arrays_is_one_read(text: str, expected: str) -> None:
    assert read(text) == [expected]


def test_a_column_of_the_table_itself_is_no_part_of_the_read() -> None:
    text = "df = pd.DataFrame(np.load('a.npy'), columns=['b'])\ndf['c'] = df['b'] * 2"
    assert read(text) == ["pd.DataFrame(np.load('a.npy'), columns=['b'])"]


def test_a_label_vector_is_a_source_of_its_own() -> None:
    assert read("y = np.load('y.npy')\nmodel.fit(X, y)") == ["np.load('y.npy')"]


def test_arrays_of_features_and_label_are_one_table() -> None:
    text = "X = np.load('X.npy')\ny = np.load('y.npy')\nmodel.fit(X, y)"
    assert rewritten(text)[2:5] == [
        "X_table = pd.DataFrame(np.load('X.npy')).add_prefix('column_').assign(y=np.load('y.npy'))",
        "X = X_table.drop(columns='y').to_numpy()",
        "y = X_table['y'].to_numpy()",
    ]


def test_rows_for_training_and_for_a_test_stay_apart() -> None:
    text = (
        "X = np.load('X.npy')\ny = np.load('y.npy')\nX2 = np.load('X2.npy')\ny2 = np.load('y2.npy')\n"
        "model.fit(X, y)\nmodel.score(X2[:, :], y2)"
    )
    found = [line for line in rewritten(text) if ".assign(" in line]
    assert found == [
        "X_table = pd.DataFrame(np.load('X.npy')).add_prefix('column_').assign(y=np.load('y.npy'))"
    ]
