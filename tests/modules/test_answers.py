"""``answers.py`` gives the label of raw rows, or says that it cannot."""

from __future__ import annotations

from nbprod.modules import build
from nbprod.notebook.values import Cell, Notebook

HEAD = "import pandas as pd\nfrom sklearn.linear_model import LinearRegression\ndf = pd.read_csv('homes.csv')\n"
LOOPED = """unused = []
for column in df.columns:
    if df[column].nunique() == 1:
        unused.append(column)
df.drop(unused, axis=1, inplace=True)
X = df.iloc[:, :-1]
y = df.iloc[:, -1]
unused = ['doors', 'roof']
X.drop(unused, axis=1, inplace=True)
model = LinearRegression().fit(X, y)
"""


def _answers(code: str) -> str:
    return build(Notebook("n.ipynb", "n", (Cell(1, "code", HEAD + code, HEAD + code),))).files[
        "answers.py"
    ]


def test_a_label_that_needs_values_of_the_run_is_not_guessed() -> None:
    text = _answers(LOOPED)

    assert "only the notebook's own run has" in text
    assert "unused" not in text


def test_a_label_of_the_rows_is_given() -> None:
    text = _answers("X = df[['rooms']]\ny = df['price']\nmodel = LinearRegression().fit(X, y)\n")

    assert "df['price']" in text.replace('"', "'")


def test_names_that_a_loop_gave_columns_are_read_from_the_state() -> None:
    loop = "names = {}\nfor i in list(kinds.columns):\n    names[i] = f'kind_{i}'\n"
    text = _answers(
        "kinds = pd.get_dummies(df['kind'])\n"
        + loop
        + "kinds.rename(columns=names, inplace=True)\ndf = df.join(kinds)\n"
        + "X = df.drop(columns=['kind', 'price'])\ny = df['price'] * 2\nmodel = LinearRegression().fit(X, y)\n"
    )

    assert "columns=state.names" in text
