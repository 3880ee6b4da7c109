"""Learned values are named after what the notebook says."""

from __future__ import annotations

import ast

import pytest

from nbprod.split.naming import Namer, describe, snake

DESCRIBED = [
    ("df['Age'].median()", "age_median"),
    ("df.Age.mean()", "age_mean"),
    ("df['Embarked'].mode()[0]", "embarked_mode"),
    ("df.groupby('Title')['Age'].median()", "age_median_by_title"),
    ("df.columns", "df_columns"),
]


@pytest.mark.parametrize(("source", "name"), DESCRIBED)
def test_an_expression_is_named_after_column_and_statistic(source: str, name: str) -> None:
    assert describe(ast.parse(source, mode="eval").body) == name


@pytest.mark.parametrize(
    "text", ["", "42", "for", "list", "Größe m²", "a" * 90, "__import__('os')", "\n{{x}}"]
)
def test_any_text_becomes_a_safe_identifier_or_nothing(text: str) -> None:
    name = snake(text)
    assert name == "" or (name.isidentifier() and name.isascii() and len(name) <= 41)


def test_names_are_never_given_twice() -> None:
    namer = Namer()
    assert [namer.new("x"), namer.new("x"), namer.new("x")] == ["x", "x_2", "x_3"]
