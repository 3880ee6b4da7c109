"""Targets are unpacked, and what is stored inside a variable changes what it is."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.interpret import interpret
from nbprod.flow.values import Val

BEFORE = "import pandas as pd\ndf = pd.read_csv('x.csv')\nempty = {}\nnumber = 3\n"


def _after(source: str, name: str) -> Val:
    return interpret(ast.parse(BEFORE + source).body).final[name]


@pytest.mark.parametrize(
    ("source", "name", "role"),
    [
        ("a, b = 1, df", "a", "const"),
        ("a, b = 1, df", "b", "row"),
        ("a, (b, c) = 1, (df, df['a'].mean())", "c", "stat"),
        ("for i, v in enumerate(df['a']):\n    pass", "i", "const"),
        ("for a, b in {'x': 1}.items():\n    pass", "a", "const"),
        ("empty['mean'] = df['a'].mean()", "empty", "stat"),
        ("df['z'] = 1", "df", "row"),
    ],
)
def test_what_a_variable_is_afterwards(source: str, name: str, role: str) -> None:
    assert _after(source, name).role == role


def test_other_labels_are_another_axis() -> None:
    assert _after("df.index = range(3)", "df").axis != _after("", "df").axis


def test_what_was_known_is_not_known_after_a_store() -> None:
    assert _after("parts = [1, 2]", "parts").known
    assert not _after("parts = [1, 2]\nparts[0] = 5", "parts").known
