from __future__ import annotations

import ast

import pytest

from nbprod.flow.successors import with_successors


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from sklearn.cross_validation import train_test_split as split",
            "from sklearn.model_selection import train_test_split as split",
        ),
        ("from sklearn.externals import joblib", "import joblib"),
        ("df.loc[df.age > 16, 'age'] = 1,", "df.loc[df.age > 16, 'age'] = 1"),
    ],
)
def test_what_moved_is_written_as_today(before: str, after: str) -> None:
    assert ast.unparse(with_successors(ast.parse(before), before)) == after


@pytest.mark.parametrize(
    "text",
    [
        "from sklearn.cross_validation import KFold",  # other arguments today
        "df.loc[rows, ['a', 'b']] = (1,)",  # one value for two columns is an error anywhere
        "df.loc[rows, 'a'] = (1, 2)",
        "pair = (1,)",
        "from sklearn.preprocessing import Imputer",
    ],
)
def test_what_would_change_its_meaning_stays(text: str) -> None:
    assert ast.unparse(with_successors(ast.parse(text), text)) == ast.unparse(ast.parse(text))
