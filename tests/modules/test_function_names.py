"""Names of generated functions."""

from __future__ import annotations

import ast

import pytest

from nbprod.modules.function_names import function_names, heading_words

FILLS = ast.parse("df['Age'] = df['Age'].fillna(state.age_median)").body


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Fill gaps", ["fill", "gaps"]),
        ("4.1 Fill gaps", ["fill", "gaps"]),
        ("Step 2: Fill gaps", ["fill", "gaps"]),
        ("3) Fill gaps", ["fill", "gaps"]),
        ("IV. Fill gaps", ["fill", "gaps"]),
        ("", []),
        ("A heading that tells a long story about what the data is and was", []),
    ],
)
def test_a_heading_loses_its_number(title: str, words: list[str]) -> None:
    assert heading_words(title) == words


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Fill gaps", "fill_gaps"),
        ("2. Feature engineering", "feature_engineering"),
        ("How the ship sank", "fill_age"),
        ("4.2 Age", "fill_age"),
    ],
)
def test_a_heading_that_names_no_action_gives_way_to_what_is_made(title: str, name: str) -> None:
    assert function_names(title, FILLS, ["df"])[0] == name


def test_without_heading_and_columns_the_result_names_the_function() -> None:
    assert function_names("", ast.parse("X = df.copy()").body, ["X"])[0] == "prepare_x"
