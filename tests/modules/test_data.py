"""Where the data of a package comes from when the notebook was written on another machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbprod.modules import build
from nbprod.modules.values import Modules
from nbprod.notebook import read

CODE = """# %%
import os
import pandas as pd
from sklearn.linear_model import LinearRegression
df = {read}
X, y = df[["a"]], df["b"]
model = LinearRegression().fit(X, y)
print(model.predict(X))
"""


def built(folder: Path, reads: str) -> Modules:
    (folder / "notebook.py").write_text(CODE.format(read=reads), "utf-8")
    return build(read(folder / "notebook.py"), notebooks_dir=folder)


def told(modules: Modules) -> list[str]:
    return [f.code for f in modules.findings if "DATA" in f.code or "PATH" in f.code]


@pytest.mark.parametrize(
    ("reads", "place", "code", "value"),
    [
        ('pd.read_csv("/kaggle/input/x/rows.csv")', "rows.csv", "W-ABSOLUTE-PATH", "'rows.csv'"),
        ('pd.read_csv("/kaggle/input/x/rows.csv")', "data/rows.csv", "W-ABSOLUTE-PATH", "'data/rows.csv'"),
        ('pd.read_csv("../input/rows.csv")', "rows.csv", "I-DATA-BESIDE", "'rows.csv'"),
        ('pd.read_csv(os.path.join("/content", "rows.csv"))', "rows.csv", "W-ABSOLUTE-PATH", "'rows.csv'"),
        ('pd.read_csv("rows.csv")', "rows.csv", None, "'rows.csv'"),
        ('pd.read_csv("/kaggle/rows.csv")', "others.csv", "W-ABSOLUTE-PATH", "'/kaggle/rows.csv'"),
        ('pd.read_csv("https://a.org/rows.csv")', "rows.csv", None, "'https://a.org/rows.csv'"),
    ],
    ids=["beside", "in data", "relative", "joined", "there", "nowhere", "address"],
)  # fmt: skip
def test_a_file_is_found_by_its_name(
    tmp_path: Path, reads: str, place: str, code: str | None, value: str
) -> None:
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text("a,b\n1,2\n", "utf-8")
    modules = built(tmp_path, reads)
    assert told(modules) == ([] if code is None else [code])
    (path,) = [s.value for s in modules.settings if s.kind in ("path", "url")]
    assert path == value
    moved = code is not None and value != "'/kaggle/rows.csv'"
    assert list(modules.sink["placed"].values()) == ([value.strip("'")] if moved else [])
