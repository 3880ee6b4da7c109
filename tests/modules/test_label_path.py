"""What stays of the path to the label: what it reads, and whatever is not surely another column."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.interpret import interpret
from nbprod.modules.label_path import only_for_label

CASES = {
    "another column of the same rows": ("df['a'] = df['b'] * 2", ""),
    "the label itself": ("df['y'] = df['y'].map({'n': 0})", "df['y'] = df['y'].map({'n': 0})"),
    "a column that the label is made of": (
        "df['c'] = df['c'] + 1\ndf['y'] = df['c'] > 3",
        "df['c'] = df['c'] + 1\ndf['y'] = df['c'] > 3",
    ),
    "a column that is made again before it is read": (
        "df['y'] = df['a']\ndf['y'] = df['b']",
        "df['y'] = df['b']",
    ),
    "dropped columns": ("df = df.drop(['a', 'b'], axis=1)", ""),
    "columns that nobody can name": (
        "df = df.drop(columns=names)",
        "df = df.drop(columns=names)",
    ),
    "dummies of other columns": ("df = pd.get_dummies(df, columns=['a'])", ""),
    "dummies that the label may be one of": (
        "df['a'] = df['b']\ndf = pd.get_dummies(df, columns=['y'])",
        "df['a'] = df['b']\ndf = pd.get_dummies(df, columns=['y'])",
    ),
    "a loop over other columns": ("for c in ['a', 'b']:\n    df[c] = df[c] + 1", ""),
    "a loop over any columns": (
        "for c in names:\n    df[c] = df[c] + 1",
        "for c in names:\n    df[c] = df[c] + 1",
    ),
    "some rows of another column": ("df.loc[df['b'] > 1, 'a'] = 0", ""),
    "some rows of the label": (
        "df['b'] = df['c']\ndf.loc[df['b'] > 1, 'y'] = 0",
        "df['b'] = df['c']\ndf.loc[df['b'] > 1, 'y'] = 0",
    ),
    "the label by another name of the table": (
        "other = df\nother['y'] = other['y'] > 2",
        "other = df\nother['y'] = other['y'] > 2",
    ),
    "a function that may change the table": (
        "n = prepare(df)",
        "n = prepare(df)",
    ),
    "a table that the label is not in": ("other = load()\nother['a'] = 1", ""),
}


@pytest.mark.parametrize(("code", "kept"), CASES.values(), ids=CASES)
def test_only_what_the_label_reads_is_kept(code: str, kept: str) -> None:
    body = ast.parse(code).body
    y = ast.parse("df['y']", mode="eval").body
    found, _ = only_for_label(body, y, interpret(body))
    assert ast.unparse(ast.Module(found, [])) == kept


def test_the_last_assignments_are_written_into_the_label() -> None:
    body = ast.parse("y = df['y']\ny_train = y").body
    found, y = only_for_label(body, ast.Name("y_train", ast.Load()), interpret(body))
    assert found == []
    assert ast.unparse(y) == "df['y']"
