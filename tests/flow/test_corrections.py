"""Corrections of single rows go to the reader when nothing looks at the column before."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.corrections import corrected_rows, corrections, with_corrections

READ = "import pandas as pd\ndf = pd.read_csv('d.csv')\n"


def moved(text: str) -> list[str]:
    body = with_corrections(ast.parse(READ + text).body)
    reader = body[1]
    assert isinstance(reader, ast.Assign)
    return [ast.unparse(s) for s in corrections(reader.value)]


@pytest.mark.parametrize(
    "text", ["df.at[3, 'a'] = 'F'", "df.loc[3, 'a'] = -1", "df.loc[[3, 4], 'a'] = 'F'"]
)
def test_a_row_that_is_named_by_its_place_is_corrected_when_it_is_read(text: str) -> None:
    assert moved(text) == [text]


def test_a_correction_is_told_with_its_place() -> None:
    reader = with_corrections(ast.parse(READ + "df.at[3, 'a'] = 1").body)[1]
    assert isinstance(reader, ast.Assign)
    (found,) = corrected_rows(reader.value)
    assert (found.code, str(found.origin)) == ("W-CORRECTED-ROW", "cell 1:3")


def test_several_corrections_keep_their_order_and_leave_their_places() -> None:
    text = "df.at[3, 'a'] = 1\ndf.at[3, 'a'] = 2\nX = df\n"
    assert moved(text) == ["df.at[3, 'a'] = 1", "df.at[3, 'a'] = 2"]
    body = with_corrections(ast.parse(READ + text).body)
    assert [type(s).__name__ for s in body[2:]] == ["Pass", "Pass", "Assign"]


@pytest.mark.parametrize(
    "between",
    ["df.head()", "df['a'].unique()", "df['b'] = df['c'] * 2", "df = df.dropna()", "other = 3", "df = df.drop('c', axis=1).copy()"],
)  # fmt: skip
def test_what_does_not_look_at_the_column_may_stand_between(between: str) -> None:
    assert moved(f"{between}\ndf.at[3, 'a'] = 1\n") == ["df.at[3, 'a'] = 1"]


@pytest.mark.parametrize(
    "between",
    ["df['b'] = df['a'] * 2", "m = df.a.mean()", "df = df.reset_index()", "X = df", "m = df.mean()", "df.reset_index(inplace=True)",
     "for c in df:\n    df[c] = 1", "df = other"],
)  # fmt: skip
def test_a_column_that_was_looked_at_stays_where_it_is_corrected(between: str) -> None:
    body = ast.parse(READ + f"{between}\ndf.at[3, 'a'] = 1\n").body
    assert with_corrections(body) is body


@pytest.mark.parametrize(
    "text",
    ["df.loc[df.a > 3, 'a'] = 1", "df.loc[3, 'a'] = df.b[3]", "df.loc['x', 'a'] = 1", "df.loc[:, 'a'] = 1", "df.loc[n, 'a'] = 1",
     "df.loc[True, 'a'] = 1"],
)  # fmt: skip
def test_other_assignments_are_no_corrections(text: str) -> None:
    body = ast.parse(READ + text).body
    assert with_corrections(body) is body
