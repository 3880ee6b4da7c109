"""Functions of the generated package: what their docstrings say, and what they hand on when serving."""

from __future__ import annotations

import ast

import pytest

from nbprod.modules.docstrings import sentence
from nbprod.modules.functions import print_function
from nbprod.modules.pieces import Piece
from nbprod.modules.printing import Printer
from nbprod.split.guards import guard


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("### 3.2 Handling missing values!!!".lstrip("# "), "Handling missing values"),
        ("Titles", "Titles"),
        ("Step 4: Encode", "Encode"),
        ("Why?", "Why"),
    ],
)
def test_a_heading_becomes_a_sentence(heading: str, said: str) -> None:
    assert sentence(heading) == said


def piece(fit: str, serve: str) -> Piece:
    node = guard(ast.parse(fit).body, ast.parse(serve).body, None)
    found = Piece("Split", "", [3], [node])
    found.name, found.inputs = "split_rows", ["X", "y"]
    found.outputs, found.empty_first = ["X_train", "y_train", "y_test"], ["y_train", "y_test"]
    return found


def test_what_only_training_has_is_none_beside_what_serving_does() -> None:
    text = print_function(
        piece("X_train, y_train, y_test = cut(X, y)", "X_train = X"), Printer(None)
    )
    assert text.endswith(
        "    else:\n        X_train = X\n        y_train = y_test = None\n"
        "    return X_train, y_train, y_test"
    )
    assert "    y_train = None" not in text


def test_what_serving_may_set_is_none_before() -> None:
    made = piece("X_train, y_train, y_test = cut(X, y)", "X_train = y_test = X")
    text = print_function(made, Printer(None))
    assert "    y_test = None\n    if fitting:" in text
    assert "        y_train = None" in text
