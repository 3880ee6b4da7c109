"""Columns that functions of one row read."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.interpret import interpret
from nbprod.split.row_reads import columns_read

HEAD = "import pandas as pd\ndf = pd.read_csv('d.csv')\nwanted = 'w'\n"


def read(text: str) -> frozenset[str] | None:
    """Return what the function that ``apply`` gets in the last line reads."""
    tree = ast.parse(HEAD + text)
    flow = interpret(tree.body)
    (call,) = [
        n
        for n in ast.walk(tree.body[-1])
        if isinstance(n, ast.Call) and "apply" in ast.unparse(n.func)
    ]
    return columns_read(flow, call.args[0])


@pytest.mark.parametrize(
    ("function", "columns"),
    [
        ("lambda r: r['a'] + r.b", {"a", "b"}),
        ("lambda r: r[['a', 'b']].sum()", {"a", "b"}),
        ("lambda r: r.get('a', 0)", {"a"}),
        ("lambda r: r.a.lower()", {"a"}),
        ("lambda r: r[wanted]", {"w"}),
        ("lambda r: 1", set()),
    ],
)
def test_names_that_are_written_are_read(function: str, columns: set[str]) -> None:
    assert read(f"df.apply({function}, axis=1)") == columns


@pytest.mark.parametrize(
    "function",
    ["lambda r: r.sum()", "lambda r: r.name", "lambda r: f(r)", "lambda r: r[0]", "lambda r: [v for v in r]", "print",
     "lambda r: r.index"],
)  # fmt: skip
def test_a_function_that_may_read_any_column_says_so(function: str) -> None:
    assert read(f"df.apply({function}, axis=1)") is None


def test_functions_of_the_notebook_are_followed() -> None:
    text = "def g(row, n):\n    return row['a'] * n\ndef f(row):\n    if row['b'] > 1:\n        return g(row, 2)\n    return row.c\n"
    assert read(text + "df.apply(f, axis=1)") == {"a", "b", "c"}


def test_a_row_that_is_given_back_may_be_read_whole() -> None:
    text = "def f(row):\n    row['a'] = 1\n    return row\n"
    assert read(text + "df.apply(f, axis=1)") is None


def test_functions_that_call_themselves_end() -> None:
    text = "def f(row):\n    return f(row)\n"
    assert read(text + "df.apply(f, axis=1)") is None
