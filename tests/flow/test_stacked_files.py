"""Files that are put under each other are one table; training and test rows that come apart again are not."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.stacked_files import in_one_table

READ = "import pandas as pd\na = pd.read_csv('a.csv')\nb = pd.read_csv('b.csv')\n"
MARKED = READ + "a['kind'] = 0\nb['kind'] = 1\n"


def last(text: str, statement: int = -1) -> str:
    return ast.unparse(in_one_table(ast.parse(text).body)[statement])


def test_marked_files_are_one_read() -> None:
    assert last(MARKED + "df = pd.concat([a, b], ignore_index=True)") == (
        "df = pd.concat([pd.read_csv('a.csv').assign(kind=0), pd.read_csv('b.csv').assign(kind=1)], ignore_index=True)"
    )


def test_a_mark_may_have_any_name() -> None:
    text = READ + "a['is red'] = 1\nb['is red'] = 0\ndf = pd.concat([a, b])"
    assert ".assign(**{'is red': 1})" in last(text)


def test_files_that_are_of_no_use_later_need_no_mark() -> None:
    assert "read_csv" in last(READ + "a.head()\nprint(b.shape)\ndf = pd.concat([a, b])")


@pytest.mark.parametrize(
    "text",
    [
        READ + "df = pd.concat([a, b])\nX = df[: len(a)]",
        MARKED + "a = a[a.x > 1]\ndf = pd.concat([a, b])",
        MARKED + "a.drop([1], inplace=True)\ndf = pd.concat([a, b])",
        MARKED + "clean(a)\ndf = pd.concat([a, b])",
        MARKED + "a['x'] = a['x'] * 2\ndf = pd.concat([a, b])",
        MARKED + "df = pd.concat([a, b], axis=1)",
        MARKED + "df = pd.concat([a, b], keys=['a', 'b'])",
        MARKED + "df = pd.concat([a, a])",
        MARKED + "df = pd.concat([a, other])",
    ],
)
def test_anything_else_stays(text: str) -> None:
    body = ast.parse(text).body
    assert in_one_table(body) is body


@pytest.mark.parametrize("put", ["pd.concat([a, b], axis=1)", "a.join(b)"])
def test_files_beside_each_other_are_one_read(put: str) -> None:
    assert last(READ + f"df = {put}").count("read_csv") == 2
    assert "read_csv" not in last(READ + f"X = a[['x']]\nprint(X)\ndf = {put}\nprint(a.x.mean())")


def test_the_joined_table_may_have_the_name_of_a_part() -> None:
    assert last(READ + "a = pd.concat([a, b], axis=1)") == (
        "a = pd.concat([pd.read_csv('a.csv'), pd.read_csv('b.csv')], axis=1)"
    )


def test_rows_may_be_numbered_anew() -> None:
    assert last(READ + "df = pd.concat([a, b]).reset_index(drop=True)") == (
        "df = pd.concat([pd.read_csv('a.csv'), pd.read_csv('b.csv')]).reset_index(drop=True)"
    )


def test_a_file_that_is_read_again_has_no_mark_any_more() -> None:
    text = MARKED + "a = pd.read_csv('a.csv')\ndf = pd.concat([a, b])"
    assert "'a.csv').assign" not in last(text)


def test_tables_whose_length_is_kept_are_taken_apart_again() -> None:
    text = "n = len(a)\nboth = pd.concat([a, b]).reset_index(drop=True)\nX = both[:n]\n"
    body = ast.parse(READ + text).body
    assert in_one_table(body) is body
