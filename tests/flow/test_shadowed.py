"""A variable that takes the name of an import has a name of its own; everything else keeps its name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from nbprod.flow.shadowed import apart
from nbprod.modules import build
from nbprod.notebook import read

KEPT = (
    "import numpy as np\nx = np.ones(3)\ny = x + np.pi",
    "from sklearn import svm\nmodel = svm.SVC()\nmodel.fit(X, y)",
    "svm = 1\nfrom sklearn import svm\nmodel = svm.SVC()",
    "import time\ndef f(time):\n    return time + 1\nx = f(time.time())",
)
RENAMED = (
    (
        "from sklearn import svm\nsvm = svm.SVC()\nsvm.fit(X, y)",
        "from sklearn import svm\nsvm_model = svm.SVC()\nsvm_model.fit(X, y)",
    ),
    (
        "import time\ntime = time.time()\nprint(time)\nimport time\nx = time.time()",
        "import time\ntime_value = time.time()\nprint(time_value)\nimport time\nx = time.time()",
    ),
    (
        "try:\n    import xgboost as xgb\nexcept ImportError:\n    pass\nxgb_model = 1\nxgb = xgb.XGBRegressor()\nfor i in r:\n    xgb.fit(X, y)",
        "try:\n    import xgboost as xgb\nexcept ImportError:\n    pass\nxgb_model = 1\nxgb_model_ = xgb.XGBRegressor()\nfor i in r:\n    xgb_model_.fit(X, y)",
    ),
    (
        "import tree\ntree = tree.Tree()\ndef f():\n    global tree\n    return tree, (lambda tree: tree)",
        "import tree\ntree_model = tree.Tree()\ndef f():\n    global tree_model\n    return tree_model, (lambda tree: tree)",
    ),
)


def changed(source: str) -> str:
    return ast.unparse(ast.Module(apart(ast.parse(source).body), []))


@pytest.mark.parametrize("source", KEPT)
def test_names_that_are_no_variables_over_imports_stay(source: str) -> None:
    assert changed(source) == ast.unparse(ast.parse(source))


@pytest.mark.parametrize(("source", "expected"), RENAMED)
def test_a_variable_over_an_import_gets_another_name_from_there_on(
    source: str, expected: str
) -> None:
    assert changed(source) == ast.unparse(ast.parse(expected))


def test_the_model_is_made_by_the_module_that_its_variable_is_named_after(tmp_path: Path) -> None:
    path = tmp_path / "shop.py"
    path.write_text(
        "# %%\nimport pandas as pd\nfrom sklearn import svm\ndf = pd.read_csv('rows.csv')\n"
        "X, y = df[['a']], df['b']\n# %%\nsvm = svm.SVC()  # a line\nsvm.fit(X, y)\n"
    )
    model = build(read(path)).files["model.py"]
    assert "svm_model = svm.SVC()  # a line\n    svm_model.fit(X, y)\n" in model
