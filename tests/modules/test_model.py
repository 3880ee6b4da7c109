"""``model.py``: a function of the notebook that takes variables from around it stands beside them."""

from __future__ import annotations

import ast

import pytest

from nbprod.modules import build
from nbprod.notebook.values import Cell, Notebook

CELLS = [
    "import pandas as pd\nfrom keras.layers import Dense\nfrom keras.models import Sequential\ndf = pd.read_csv('rows.csv')",
    "X_train = df[['a', 'b']]\ny_train = df['y']",
    "width = 4\nwidth = 2 * width",
    (
        "def build_model(depth=1):\n    model = Sequential()\n    if depth > 5:\n        return model\n    model.add(Dense(width, input_dim=X_train.shape[1]))\n"
        "    model.compile(loss='mse', optimizer='adam')\n    return model"
    ),
    "model = build_model()\nmodel.fit(X_train, y_train)\nmodel.predict(X_train)",
]


def source() -> str:
    cells = tuple(Cell(number, "code", text, text) for number, text in enumerate(CELLS, 1))
    return build(Notebook("net.ipynb", "net", cells)).files["model.py"]


def test_a_builder_sees_the_rows_and_numbers_it_reads() -> None:
    tree = ast.parse(source())
    fit = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "fit_model")
    made = {n.id for n in ast.walk(fit) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    assert {"X_train", "width"} <= made
    assert "df[" not in source()
    assert "width" not in {
        n.id for f in tree.body if f is not fit for n in ast.walk(f) if isinstance(n, ast.Name)
    }


def test_a_network_draws_its_weights_from_the_seed_of_the_notebook() -> None:
    cells = [
        "import tensorflow as tf\nimport random\nSEED = 7\ntf.random.set_seed(SEED)\nrandom.seed(1)",
        *CELLS,
    ]
    found = tuple(Cell(number, "code", text, text) for number, text in enumerate(cells, 1))
    text = build(Notebook("net.ipynb", "net", found)).files["model.py"]
    assert text.index("tf.random.set_seed(SEED)") < text.index("model = build_model()")
    assert "random.seed(1)" in text


@pytest.mark.parametrize(
    "block",
    [
        "model = LogisticRegression(C=3)\nif FAST:\n    model.fit(X, y)",
        "if FAST:\n    model = LogisticRegression(C=3)\n    model.fit(X, y)",
        "with open('log.txt', 'w'):\n    model = LogisticRegression(C=3)\n    model.fit(X, y)",
    ],
)
def test_a_model_that_is_fitted_in_a_block_is_built_as_before_it(block: str) -> None:
    text = (
        "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression\nFAST = True\n"
        f"df = pd.read_csv('rows.csv')\nX, y = df[['a', 'b']], df['y']\n{block}\nmodel.predict(X)"
    )
    found = build(Notebook("n.ipynb", "n", (Cell(1, "code", text, text),))).files["model.py"]
    assert found.index("model = LogisticRegression(C=3)") < found.index("model.fit(X, y)")
