"""Labels of rows that a notebook computes with stay a column of the data."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.index_columns import with_index_columns

READ = "import pandas as pd\ndf = pd.read_csv('d.csv', index_col='date', parse_dates=True)\n"


def rewritten(text: str) -> list[str]:
    body = ast.parse(text).body
    return [ast.unparse(s) for s in with_index_columns(body)]


@pytest.mark.parametrize(
    "use",
    ["df['m'] = df.index.month", "df['d'] = df.index", "df = df.reset_index()", "d = pd.to_datetime(df.index)"],
)  # fmt: skip
def test_labels_that_are_computed_with_are_read_as_a_column(use: str) -> None:
    assert rewritten(READ + use)[1:3] == [
        "df = pd.read_csv('d.csv', parse_dates=['date'])",
        "df = df.set_index('date')",
    ]


@pytest.mark.parametrize(
    "use", ["df['m'] = df.a", "df = df.drop(df.index[3])", "df = df.reset_index(drop=True)", "print(df.index)"]
)  # fmt: skip
def test_labels_that_are_labels_stay_with_the_reader(use: str) -> None:
    body = ast.parse(READ + use).body
    assert with_index_columns(body) is body


@pytest.mark.parametrize("labels", ["0", "[0]", "['a', 'b']", "None"])
def test_a_column_without_a_name_in_the_program_stays_with_the_reader(labels: str) -> None:
    body = ast.parse(READ.replace("'date'", labels) + "df['m'] = df.index.month").body
    assert with_index_columns(body) is body


def test_the_comment_of_the_reader_is_said_once() -> None:
    body = ast.parse(READ + "df['m'] = df.index.month").body
    body[1].lead = ["# sales"]  # type: ignore[attr-defined]
    new = with_index_columns(body)
    assert [getattr(s, "lead", None) for s in new[1:3]] == [["# sales"], None]
