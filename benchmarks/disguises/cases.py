"""The cases: what each notebook does, and the table that all of them read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd

ROWS = 200
HEAD = "import pandas as pd\nimport numpy as np\ndf = pd.read_csv('shop.csv')"
TAIL = """from sklearn.linear_model import LinearRegression
X = df[['a', 'b', 'f']].fillna(0).astype(float)
y = df['y']
model = LinearRegression().fit(X, y)
model.predict(X)"""
DISGUISE = 2  # the cell that makes the feature


@dataclass(frozen=True)
class Case:
    """One notebook; ``never`` says that no verdict about it may be green."""

    family: str
    name: str
    code: str
    never: bool

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells; a case that fits a model itself ends the notebook."""
        whole = "model = " in self.code and "model.predict" in self.code
        return (HEAD, self.code) if whole else (HEAD, self.code, TAIL)


def cases() -> Iterator[Case]:
    """Yield every case, by families."""
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        found = tomllib.loads(path.read_text("utf-8"))
        for kind in ("never", "either"):
            for name, code in found.get(kind, {}).items():
                yield Case(path.stem, name, code.strip(), kind == "never")


def shop() -> pd.DataFrame:
    """Return the rows: numbers, a column with gaps, kinds, texts, dates in two forms, hours, lists of words."""
    rng = np.random.default_rng(1)
    a, k = rng.integers(0, 100, ROWS), rng.choice(list("pqrst"), ROWS)
    days = pd.Timestamp("2020-01-15") + pd.to_timedelta(
        np.r_[5, rng.integers(0, 700, ROWS - 1)], unit="D"
    )
    frame = pd.DataFrame(
        {
            "id": rng.permutation(ROWS) + 1,
            "a": a,
            "b": rng.integers(1950, 2024, ROWS),
            "c": np.where(rng.random(ROWS) < 0.1, np.nan, rng.integers(0, 50, ROWS)),
            "k": k,
            "t": ["".join(rng.choice(list("abcde"), n)) for n in rng.integers(2, 7, ROWS)],
            "d": days.strftime("%Y-%m-%d"),
            "u": days.strftime("%d/%m/%Y"),
            "h": [f"{h:02d}:30" for h in rng.integers(0, 24, ROWS)],
            "m": np.where(rng.random(ROWS) < 0.2, None, rng.choice(["5", "7", "x"], ROWS)),
            "s": ["|".join(rng.choice(list("uvw"), n, replace=False)) for n in rng.integers(1, 4, ROWS)],
        }
    )  # fmt: skip
    frame["y"] = (a * 2.0 + rng.normal(0, 3, ROWS)).round(2)
    return frame


def write(case: Case, folder: Path) -> Path:
    """Write the notebook and what it reads; return its path."""
    shop().to_csv(folder / "shop.csv", index=False)
    (folder / "rates.txt").write_text("p 1.5\nq 2.5\nr 0.5\ns 3.0\nt 1.0\n")
    path = folder / "disguise.ipynb"
    cells = [nbformat.v4.new_code_cell(text) for text in case.cells]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path
