"""A project that learns from the training part alone is verified against that program, and tells both scores."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest

from nbprod.pipeline import convert
from nbprod.settings import Settings
from nbprod.verify import verify
from nbprod.verify.scope_scores import told

CELLS = (
    (
        "import pandas as pd\nfrom sklearn.feature_selection import SelectKBest\n"
        "from sklearn.linear_model import LogisticRegression\nfrom sklearn.model_selection import train_test_split"
    ),
    "df = pd.read_csv('noise.csv')",
    "y = df['y']\nX = SelectKBest(k=10).fit_transform(df.drop('y', axis=1), y)",
    "X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.5, random_state=0)",
    "model = LogisticRegression(random_state=0).fit(X_train, y_train)\nmodel.score(X_test, y_test)",
)


@pytest.mark.slow
def test_columns_chosen_from_noise_lose_their_score(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    noise = pd.DataFrame(rng.normal(size=(120, 200)), columns=[f"c{i}" for i in range(200)])
    noise.assign(y=rng.integers(0, 2, 120)).to_csv(tmp_path / "noise.csv", index=False)
    notebook = tmp_path / "noise.ipynb"
    cells = [nbformat.v4.new_code_cell(code) for code in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebook)

    result = convert(notebook, fit_scope="train")
    verdict = verify(notebook, result.target, timeout=600.0)

    assert verdict.level in ("proven", "verified"), [
        (c.id, c.status, c.figure) for c in verdict.checks
    ]
    scores = verdict.facts["fit_scope"]["scores"]
    assert scores["train"]["count"] == scores["notebook"]["count"] == 60
    assert scores["train"]["accuracy"] < scores["notebook"]["accuracy"] - 0.1, "noise tells nothing"
    assert "notebook" in told(verdict.facts)
    written = json.loads((result.target / "verdict.json").read_text("utf-8"))
    assert written["facts"]["fit_scope"]["rows"] == "train"


def test_without_a_fit_scope_nothing_is_told() -> None:
    assert told({}) == ""
    assert Settings().fit_scope == "notebook"
