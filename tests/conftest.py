"""A small notebook that trains a model, for every test that needs one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notebook.notebooks import code, markdown, write

CELLS = [
    markdown("# Houses"),
    code(
        "%matplotlib inline\nimport pandas as pd\nfrom sklearn.linear_model import LinearRegression"
    ),
    code("df = pd.read_csv('houses.csv')\ndf.head()"),
    markdown("## Fill gaps"),
    code("df['area'] = df['area'].fillna(df['area'].median())"),
    code("X = df[['area', 'rooms']]\ny = df['price']"),
    code("model = LinearRegression()\nmodel.fit(X, y)"),
    code("model.score(X, y)"),
]


@pytest.fixture
def houses(tmp_path: Path) -> Path:
    """A notebook with its data in a folder with a blank in its name."""
    folder = tmp_path / "my work"
    folder.mkdir()
    rows = [f"{50 + 7 * i % 90},{1 + i % 5},{100 + 3 * i}" for i in range(60)]
    rows[7] = ",2,140"
    (folder / "houses.csv").write_text("\n".join(["area,rooms,price", *rows]) + "\n")
    return write(folder / "houses.ipynb", *CELLS)
