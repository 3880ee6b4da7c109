"""A notebook, its data, and a package written by hand that does the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest

from nbprod.verify import Verdict, verify

HANDMADE = Path(__file__).parent / "handmade"
CELLS = {
    "load": "import pandas as pd\nimport matplotlib.pyplot as plt\ndf = pd.read_csv('visits.csv')\ndf.head()",
    "fill": (
        "df['bill'] = df['bill'].fillna(df.groupby('day')['bill'].transform('median'))\n"
        "counts = df['day'].value_counts()\n"
        "rare = counts[counts < 15].index\n"
        "df['day'] = df['day'].replace(list(rare), 'other')"
    ),
    "plot": "df['bill'].hist()\nplt.show()",
    "bands": (
        "df['per_head'] = df['bill'] / df['party']\n"
        "df = df[df['bill'] < 150]\n"
        "df['band'] = pd.qcut(df['bill'], 4, labels=False)"
    ),
    "features": (
        "from sklearn.preprocessing import StandardScaler\n"
        "y = df['tip']\n"
        "X = pd.get_dummies(df[['party', 'bill', 'per_head', 'band', 'day']], columns=['day'], dtype=int)\n"
        "X[['bill', 'per_head']] = StandardScaler().fit_transform(X[['bill', 'per_head']])"
    ),
    "train": (
        "from sklearn.ensemble import RandomForestClassifier\n"
        "model = RandomForestClassifier(n_estimators=20, random_state=0)\n"
        "model.fit(X, y)"
    ),
    "evaluate": "print(model.score(X, y))\nmodel.predict(X)[:5]",
}


def visits(rows: int = 120) -> pd.DataFrame:
    """Return visits of a cafe; some bills are missing, one is an outlier, one day is rare."""
    rng = np.random.default_rng(7)
    bill = rng.gamma(4.0, 8.0, rows).round(2)
    bill[rng.choice(rows, rows // 10, replace=False)] = np.nan
    bill[5] = 400.0
    day = rng.choice(["mon", "tue", "sat", "sun"], rows, p=[0.3, 0.3, 0.33, 0.07])
    tip = np.where(np.nan_to_num(bill, nan=30.0) + rng.normal(0, 8, rows) > 30, "good", "poor")
    return pd.DataFrame(
        {
            "id": np.arange(rows),
            "day": day,
            "party": rng.integers(1, 6, rows),
            "bill": bill,
            "tip": tip,
        }
    )


class Shop:
    """A folder with the notebook, its data and the package; faults are edits of its files."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "work"
        self.project = root / "project"
        self.folder.mkdir()
        shutil.copytree(HANDMADE, self.project, ignore=shutil.ignore_patterns("__pycache__"))
        visits().to_csv(self.folder / "visits.csv", index=False)
        self.cells = dict(CELLS)
        self.plan: dict[str, Any] = {
            "sink": {
                "cell": 6,
                "line": 3,
                "top_cell": 6,
                "top_line": 3,
                "source": "model.fit(X, y)",
            },
            "sources": [
                {"name": "df", "cell": 1, "line": 3, "primary": True, "paths": ["visits.csv"]}
            ],
            "sites": [
                {"id": "S1", "cell": 2, "line": 1, "expression": "median", "field": "bill_by_day"}
            ],
            "assumptions": [],
            "findings": [],
            "target": "tip",
        }
        self.manifest: dict[str, Any] = {}

    @property
    def notebook(self) -> Path:
        return self.folder / "cafe.ipynb"

    def edit(self, file: str, before: str, after: str) -> None:
        """Replace text in a file of the package; it must be there exactly once."""
        path = self.project / "src/cafe" / file
        text = path.read_text()
        assert text.count(before) == 1, (file, before)
        path.write_text(text.replace(before, after))

    def write(self) -> None:
        """Write notebook, plan and manifest."""
        cells = [nbformat.v4.new_code_cell(code) for code in self.cells.values()]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), self.notebook)
        plan = self.project / ".nbprod"
        plan.mkdir(exist_ok=True)
        (plan / "plan.json").write_text(json.dumps(self.plan))
        (plan / "manifest.json").write_text(json.dumps(self.manifest))

    def verify(self, **options: Any) -> Verdict:
        """Write everything and verify."""
        self.write()
        return verify(self.notebook, self.project, **{"timeout": 300.0, **options})


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def failed() -> Callable[[Verdict], set[str]]:
    """Return the numbers of the checks that failed."""
    return lambda verdict: {check.id for check in verdict.checks if check.status == "failed"}
