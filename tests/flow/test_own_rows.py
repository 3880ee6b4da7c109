"""Loops that count rows: which look at their own row alone, and how their count is written."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.interpret import interpret
from nbprod.flow.normalize import normalize
from nbprod.flow.own_rows import counted, looked_at

HEAD = "import pandas as pd\ndf = pd.read_csv('a.csv')\nmade = []\n"


def loop(text: str) -> ast.For:
    return next(n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.For))


@pytest.mark.parametrize(
    ("header", "stop"),
    [("range(9)", "9"), ("range(0, n)", "n"), ("range(1, n)", None), ("range(0, n, 2)", None), ("names", None)],
)  # fmt: skip
def test_a_count_starts_at_the_first_row(header: str, stop: str | None) -> None:
    found = counted(loop(f"for i in {header}:\n    pass"))
    assert (ast.unparse(found) if found is not None else None) == stop


def test_what_is_only_told_is_not_looked_at() -> None:
    found = looked_at(loop("for i in range(9):\n    if i % 2:\n        print(i)\n    a(x[i])"))
    assert [ast.unparse(f) for f in found] == ["x"]


@pytest.mark.parametrize("use", ["x[i - 1]", "f(i)", "x[i:]"])
def test_another_row_or_the_number_itself_is_no_sequence(use: str) -> None:
    assert "None" in [ast.unparse(f) for f in looked_at(loop(f"for i in range(9):\n    a({use})"))]


@pytest.mark.parametrize("count", ["len(df)", "df.shape[0]", "len(df.index)", "df['a'].size"])
def test_a_list_of_such_a_loop_belongs_to_the_rows(count: str) -> None:
    text = f"{HEAD}for i in range({count}):\n    made.append(df['a'][i] + 1)"
    assert interpret(ast.parse(text).body).final["made"].is_row


def test_a_list_of_earlier_rows_does_not() -> None:
    text = f"{HEAD}for i in range(1, len(df)):\n    made.append(df['a'][i - 1])"
    assert not interpret(ast.parse(text).body).final["made"].is_row


@pytest.mark.parametrize("count", ["range(891)", "range(0, n)"])
def test_a_number_of_rows_becomes_the_length_of_what_is_looked_at(count: str) -> None:
    text = f"{HEAD}n = len(df)\nfor i in {count}:\n    made.append(df['a'].iloc[i])"
    body = normalize(interpret(ast.parse(text).body))
    assert "len(df['a'])" in ast.unparse(body[-1])


def test_a_number_of_other_things_stays() -> None:
    text = f"{HEAD}for i in range(3):\n    made.append(i)"
    flow = interpret(ast.parse(text).body)
    assert normalize(flow) is flow.body
