"""A notebook whose fits cannot be served is told where the rows come from that it fits on."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbprod.findings import NotebookError
from nbprod.modules.analysis import analyse
from nbprod.notebook import read

HEAD = "# %%\nimport numpy as np\nimport pandas as pd\nfrom sklearn.svm import SVC\n# %%\n"


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("x = np.random.rand(9, 2)\nX = x * 2\nm = SVC()\nm.fit(X, y)\n",
         r"cell 2:4: m is fitted on X, which comes from np.random.rand\(9, 2\) \(cell 2:1\) and from no table"),
        ("import joblib\nX = joblib.load('X.pkl')\nSVC().fit(X['a'], y)\n",
         r"comes from joblib.load\('X.pkl'\) \(cell 2:2\); convert it with the notebook that"),
        ("d = pd.read_csv('d.csv')\nX = strange(d.shape)\nSVC().fit(X, y)\n", r"comes from pd.read_csv\('d.csv'\) \(cell 2:1\) in a way that cannot be followed"),
        ("n = 15\nimages = load_images(n)\nX = images[:5]\nSVC().fit(X, y)\n", r"comes from load_images\(n\) \(cell 2:2\)"),
        ("Predictor(label='a').fit(train_data=t)\n", r"is no fit\(X, y\) that nbprod knows"),
    ],
)  # fmt: skip
def test_the_last_fit_is_told_with_its_rows(cell: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(HEAD + cell)
    with pytest.raises(NotebookError, match=told):
        analyse(read(path))


def test_without_a_fit_the_notebook_is_told_that_it_has_none(tmp_path: Path) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(HEAD + "d = pd.read_csv('d.csv')\n")
    with pytest.raises(NotebookError, match="no fitted model was found"):
        analyse(read(path))
