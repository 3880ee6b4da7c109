"""A function of the notebook means what its body means for what it is called with."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.interpret import interpret
from nbprod.flow.values import Flow

BEFORE = """import pandas as pd
df = pd.read_csv('x.csv')
def same(v, k=1):
    return v
def mean(t):
    return t['a'].mean()
def some(t):
    return t[t['a'] > 1]
def filled(t):
    t['b'] = 1
    return t[t['a'] > 1]
def again(v):
    return again(v)
"""


def _flow(source: str) -> Flow:
    return interpret(ast.parse(BEFORE + source).body)


@pytest.mark.parametrize(
    ("source", "role"),
    [
        ("same(1)", "const"),
        ("same(df)", "row"),
        ("same(v=df['a'].mean())", "stat"),
        ("mean(df)", "stat"),
        ("again(df)", "row"),
        ("df['a'].map(same)", "row"),
    ],
)
def test_the_result_is_that_of_the_body(source: str, role: str) -> None:
    assert _flow(f"x = {source}").final["x"].role == role


def test_variables_of_a_function_are_its_own() -> None:
    flow = _flow("t = 5\nx = some(df)")
    assert flow.final["t"].role == "const"


def test_a_function_that_chooses_rows_is_known_by_name_and_assumed_to_do_nothing_else() -> None:
    flow = _flow("x = some(df)")
    assert flow.selectors == {"some"}
    assert flow.final["x"].axis != flow.final["df"].axis
    assert not _flow("x = filled(df)").selectors
