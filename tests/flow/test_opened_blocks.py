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
