"""Three notebooks, two modules and a file that is run become one project."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nbprod.cli import run
from nbprod.findings import NotebookError
from nbprod.notebook import read_together
from nbprod.verify import verify

PEOPLE = Path(__file__).parents[1] / "fixtures" / "peer-toy" / "people.csv"
FILES = {
    "load.py": """# %%
import pandas as pd
raw = pd.read_csv("people.csv")
raw = raw.drop_duplicates()
raw.to_csv("clean.csv", index=False)
""",
    "features.py": """# %%
import pandas as pd
import joblib
from sklearn.preprocessing import StandardScaler
from cleaning import fill_age, dummies as one_hot
df = pd.read_csv("clean.csv")
# %%
df = one_hot(fill_age(df))
scaler = StandardScaler()
df[["age", "income"]] = scaler.fit_transform(df[["age", "income"]])
df.to_pickle("features.pkl")
""",
    "train.py": """# %%
%run settings.py
import pandas as pd
from sklearn.linear_model import LogisticRegression
df = pd.read_pickle("features.pkl")
X = df.drop(columns="bought")
y = df["bought"]
model = LogisticRegression(C=STRENGTH)
model.fit(X, y)
print(model.score(X, y))
""",
    "settings.py": "STRENGTH = 0.5\n",
    "cleaning.py": """import pandas as pd


def fill_age(table):
    table = table.copy()
    table["age"] = table["age"].fillna(table["age"].median())
    return table


def dummies(table):
    return pd.get_dummies(table, columns=["city"])
""",
}
NOTEBOOKS = ("load.py", "features.py", "train.py")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(PEOPLE, tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def convert(folder: Path) -> None:
    paths = [str(folder / name) for name in NOTEBOOKS]
    assert run(["convert", *paths, "--name", "shop"]) == 0


def test_one_project_learns_what_helpers_of_modules_learn(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    convert(folder)
    assert "train.py --name shop` to prove it" in capsys.readouterr().out
    source = folder / "shop" / "src" / "shop"
    features = (source / "features.py").read_text("utf-8")
    assert "state.age_median" in features
    assert "read_csv" not in features
    assert "STRENGTH = 0.5" in (source / "config.py").read_text("utf-8")
    assert (source / "data.py").read_text("utf-8").count("pd.read_") == 1


def test_cells_are_counted_on(folder: Path) -> None:
    together = read_together([folder / name for name in NOTEBOOKS])
    assert [cell.number for cell in together.cells] == [-2, -1, 1, 2, 3, 4]
    assert together.content_hash != read_together([folder / "load.py"]).content_hash


def test_notebooks_of_several_folders_are_refused(folder: Path) -> None:
    other = folder / "other"
    other.mkdir()
    (other / "train.py").write_text(FILES["train.py"], "utf-8")
    with pytest.raises(NotebookError, match="one folder"):
        read_together([folder / "load.py", other / "train.py"])


@pytest.mark.slow
def test_the_project_is_proven_against_the_notebooks_as_they_are(folder: Path) -> None:
    convert(folder)
    first, *then = [folder / name for name in NOTEBOOKS]
    verdict = verify(first, folder / "shop", then=then)
    assert verdict.level == "proven", verdict.as_dict()
