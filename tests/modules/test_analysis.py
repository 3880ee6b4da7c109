"""From a notebook to its split: what is refused as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbprod.findings import NotebookError
from nbprod.modules.analysis import analyse
from nbprod.notebook import read

FIT = "from sklearn.linear_model import LogisticRegression\nm = LogisticRegression().fit(X, y)\nm.predict(X)\n"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("from sklearn.datasets import make_classification\nX, y = make_classification()\n", "1:2"),
        ("from sklearn import datasets\n\nX, y = datasets.make_moons(200)\n", "1:3"),
    ],
)
def test_rows_that_a_generator_makes_are_refused_with_their_line(
    tmp_path: Path, source: str, line: str
) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(f"# %%\n{source}# %%\n{FIT}")
    with pytest.raises(NotebookError, match=f"E-SYNTHETIC: cell {line}: "):
        analyse(read(path))


def test_a_data_set_that_ships_with_a_library_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(
        "# %%\nfrom sklearn.datasets import load_iris\nX, y = load_iris(return_X_y=True)\n"
        f"# %%\n{FIT}"
    )
    assert analyse(read(path)).primary == "iris"


CLUSTERS = """# %%
import pandas as pd
from sklearn.cluster import DBSCAN, AgglomerativeClustering, KMeans

rows = pd.read_csv("rows.csv")[["a", "b"]]
# %%
"""


def test_a_clustering_that_cannot_answer_new_rows_gives_way_to_one_that_can(tmp_path: Path) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(
        CLUSTERS + "kmeans = KMeans(4).fit(rows)\n# %%\nlast = AgglomerativeClustering(4)\n"
        "last.fit_predict(rows)\n"
    )
    assert analyse(read(path)).sink.cls == "KMeans"


def test_a_notebook_whose_models_answer_no_new_row_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(CLUSTERS + "DBSCAN().fit(rows)\n")
    with pytest.raises(NotebookError, match=r"E-TRANSDUCTIVE: cell 2:1: DBSCAN"):
        analyse(read(path))


def test_a_model_that_is_only_cross_validated_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(
        "# %%\nimport pandas as pd\nfrom sklearn.model_selection import cross_val_score\n"
        "from sklearn.svm import SVC\ndf = pd.read_csv('rows.csv')\n"
        "# %%\ncross_val_score(SVC(), df[['a']], df['b'], cv=5).mean()\n"
    )
    with pytest.raises(NotebookError, match=r"E-NOSINK: cell 2:1: SVC\(\) is only cross-validated"):
        analyse(read(path))


def test_a_loop_that_steps_no_optimizer_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(
        "# %%\nimport pandas as pd\nimport torch\ndf = pd.read_csv('rows.csv')\n"
        "# %%\nfor epoch in range(3):\n    loss = error(net(df[['a']]), df['b'])\n    loss.backward()\n"
    )
    with pytest.raises(NotebookError, match=r"E-NOSINK: cell 2:3: .*loss\.backward\(\).*skorch"):
        analyse(read(path))
