"""What the judge keeps of a notebook's run: labels, predictions, and a decision of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "oracle_notebook.py"
HEAD = """
import pandas as pd
from sklearn.linear_model import LogisticRegression

df = pd.read_csv("rows.csv")
X, y = df[["a"]], df["y"]
model = LogisticRegression()
model.fit(X, y)
"""


def seen(tail: str, folder: Path) -> dict[str, Any]:
    rows = "\n".join(f"{a},{int(a > 5)}" for a in range(12))
    (folder / "rows.csv").write_text(f"a,y\n{rows}\n")
    cells = [{"number": n, "code": code, "tags": []} for n, code in enumerate([HEAD, tail], 1)]
    request = {"cells": cells, "fit": (1, 8, 8), "top": (1, 8, 8), "source": (1, 5, 5)}
    (folder / "request.json").write_text(json.dumps(request))
    command = [
        sys.executable,
        str(PROGRAM),
        str(folder / "request.json"),
        str(folder / "seen.json"),
    ]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    found: dict[str, Any] = json.loads((folder / "seen.json").read_text())
    assert found["failure"] == ""
    return found


def test_predictions_of_the_fit_and_later_ones_are_kept(tmp_path: Path) -> None:
    found = seen("answers = model.predict(X.tail(3))", tmp_path)
    assert found["fit"]["predicted"] == [0] * 6 + [1] * 6
    assert [call["predicted"] for call in found["heldout"]] == [[1, 1, 1]]


def test_a_decision_at_a_threshold_of_its_own_counts(tmp_path: Path) -> None:
    found = seen("p = model.predict_proba(X)[:, 1]\ndecided = (p > 0.01).astype(int)", tmp_path)
    assert sum(found["fit"]["predicted"]) > 6


def test_a_notebook_that_predicts_has_no_decision_of_its_own(tmp_path: Path) -> None:
    tail = "p = model.predict_proba(X)[:, 1]\ndecided = (p > 0.01).astype(int)\nmodel.predict(X)"
    assert sum(seen(tail, tmp_path)["fit"]["predicted"]) == 6
