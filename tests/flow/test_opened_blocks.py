"""A block that only opens what is read is written as its statements."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.opened_blocks import unfolded


def rewritten(text: str) -> list[str]:
    return [ast.unparse(node) for node in unfolded(ast.parse(text).body)]


def test_a_table_read_in_a_block_stands_at_the_top() -> None:
    text = "with zipfile.ZipFile('a.zip') as z:\n    with z.open('a.csv') as f:\n        df = pd.read_csv(f)"
    assert rewritten(text) == [
        "z = zipfile.ZipFile('a.zip')",
        "f = z.open('a.csv')",
        "df = pd.read_csv(f)",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "with open('a.json') as f:\n    rows = json.load(f)",
        "with open('a.csv') as f:\n    df = pd.read_csv(f)\n    print(df)",
        "with lock:\n    df = pd.read_csv('a.csv')",
    ],
)
def test_other_blocks_stay(text: str) -> None:
    assert rewritten(text) == [text]


READ, OTHER = "df = pd.read_csv('a.csv')", "df = pd.read_csv('b.csv')"


def test_the_first_place_that_is_tried_is_read() -> None:
    text = f"try:\n    {READ}\nexcept FileNotFoundError:\n    {OTHER}"
    assert rewritten(text) == [READ]


@pytest.mark.parametrize(
    "text",
    [
        f"try:\n    {READ}\nexcept FileNotFoundError:\n    print('none')",
        f"try:\n    {READ}\n    df = df.dropna()\nexcept FileNotFoundError:\n    {OTHER}",
        f"try:\n    {READ}\nexcept FileNotFoundError:\n    other = pd.read_csv('b.csv')",
    ],
)
def test_other_trials_stay(text: str) -> None:
    assert rewritten(text) == [text]
