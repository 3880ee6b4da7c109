"""A table made of an array is numbered anew: its labels are never taken for those of raw rows."""

from __future__ import annotations

import pytest

from nbprod.modules import build
from nbprod.notebook.values import Cell, Notebook

HEAD = """import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder, StandardScaler
df = pd.read_csv('shop.csv')
X = df[['a', 'b']]
{label}
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
sc = StandardScaler()
"""
FIT = "\nmodel = LogisticRegression().fit({x}, y_train)"
ENCODED = "y = LabelEncoder().fit_transform(df['y'])"
PLAIN = "y = df['y']"
SCALED = "X_train = pd.DataFrame(sc.fit_transform(X_train), columns=X_train.columns{index})"


def _named(label: str, scaled: str, x: str) -> bool:
    code = HEAD.format(label=label) + scaled + FIT.format(x=x)
    text = build(Notebook("n.ipynb", "n", (Cell(1, "code", code, code),))).files["features.py"]
    line = next((line for line in text.splitlines() if "rows=row_labels" in line), "")
    return f"({x}" in line


@pytest.mark.parametrize(
    ("label", "scaled", "x", "named"),
    [
        pytest.param(ENCODED, SCALED.format(index=""), "X_train", False, id="made of an array"),
        pytest.param(
            ENCODED,
            SCALED.format(index="")
            + "\nX_train['c'] = X_train['a'] * 2\nZ = X_train.drop(columns=['b'])",
            "Z",
            False,
            id="made of such a table",
        ),
        pytest.param(
            ENCODED,
            SCALED.format(index="") + "\nZ = pd.concat([X_train[['a']], X_train[['b']]], axis=1)",
            "Z",
            False,
            id="made of two of them",
        ),
        pytest.param(PLAIN, SCALED.format(index=""), "X_train", False, id="the label knows"),
        pytest.param(
            ENCODED,
            SCALED.format(index=", index=X_train.index"),
            "X_train",
            True,
            id="an index is given",
        ),
        pytest.param(ENCODED, "", "X_train", True, id="the split table itself"),
    ],
)
def test_features_say_which_rows_they_are_unless_numbered_anew(
    label: str, scaled: str, x: str, named: bool
) -> None:
    assert _named(label, scaled, x) is named
