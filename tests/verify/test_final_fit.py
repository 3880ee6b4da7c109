"""A package of a notebook that only cross-validates is held to the notebook and the fit that it left out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nbprod.pipeline import convert
from nbprod.verify import verify

NOTEBOOK = """# %%
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import cross_val_score
from sklearn.tree import DecisionTreeRegressor
df = pd.read_csv("rows.csv")
df["a"] = df["a"].fillna(df["a"].median())
X, y = df[["a", "b"]], df["y"]
# %%
for model in [DecisionTreeRegressor(max_depth=2, random_state=0), Ridge()]:
    print(cross_val_score(model, X, y, cv=3).mean())
"""


@pytest.mark.slow
def test_the_fit_on_all_rows_is_verified_and_named(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    rows = pd.DataFrame({"a": random.normal(size=60), "b": random.integers(0, 5, 60)})
    rows["y"] = rows["a"] * 2 + rows["b"]
    rows.loc[::7, "a"] = np.nan
    rows.to_csv(tmp_path / "rows.csv", index=False)
    notebook = tmp_path / "scores.py"
    notebook.write_text(NOTEBOOK)
    result = convert(notebook)
    verdict = verify(notebook, result.target)
    assert verdict.exit_code == 0
    assert "W-CROSS-VALIDATED" in {f.code for f in verdict.findings}
    plan = json.loads((result.target / ".nbprod" / "plan.json").read_text())
    assert plan["final_fit"] is True
