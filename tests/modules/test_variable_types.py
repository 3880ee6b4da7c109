"""Types and shapes at the borders of generated functions."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.values import Flow
from nbprod.modules.docstrings import docstring
from nbprod.modules.pieces import Piece
from nbprod.modules.variable_types import VariableTypes
from nbprod.split.guards import guard


def followed(body: list[ast.stmt], *outputs: str) -> Piece:
    piece = Piece("", "", [1], body)
    piece.inputs, piece.outputs = ["df"], list(outputs)
    VariableTypes(Flow([]), {}, ["df"]).follow([piece])
    return piece


@pytest.mark.parametrize(
    ("value", "kind", "shape"),
    [
        ("something(df)", "", ""),
        ("df.corr()", "", ""),
        ("df[unknown]", "", ""),
        ("df.copy()", "pd.DataFrame", "(n rows, n columns)"),
        ("df[['a', 'b']]", "pd.DataFrame", "(n rows, 2)"),
        ("df[df.a > 1]", "pd.DataFrame", "(n rows, n columns)"),
        ("df['a']", "pd.Series", "(n rows,)"),
        ("df.price", "pd.Series", "(n rows,)"),
        ("df.price.values", "np.ndarray", "(n rows,)"),
        ("df[['a', 'b']].values", "np.ndarray", "(n rows, 2)"),
        ("df.values[:, 0]", "np.ndarray", "(n rows,)"),
        ("df.values[:, 1:]", "np.ndarray", "(n rows, n columns)"),
        ("df.loc[:, 'a']", "pd.Series", "(n rows,)"),
        ("df['a'].str.lower()", "pd.Series", "(n rows,)"),
        ("df.columns", "pd.Index", ""),
        ("df.to_dict(orient='records')", "list[dict[Any, Any]]", ""),
        ("np.log1p(df['a'])", "pd.Series", "(n rows,)"),
        ("len(df)", "int", ""),
    ],
)
def test_an_expression_has_a_type_and_a_shape(value: str, kind: str, shape: str) -> None:
    given = followed(ast.parse(f"found = {value}").body, "found").given
    found = given.get("found")
    assert (found.type if found else "", found.shape if found else "") == (kind, shape)


def test_what_two_branches_make_differently_has_no_type() -> None:
    body = guard(ast.parse("x = df['a']").body, ast.parse("x = df").body, None)
    assert followed([body], "x").given == {}


def test_what_only_one_branch_can_tell_has_no_type() -> None:
    body = guard(ast.parse("x = learn(df)").body, ast.parse("x = df").body, None)
    assert followed([body], "x").given == {}


def test_what_both_branches_make_has_their_type() -> None:
    body = guard(ast.parse("x = df[df.a > 1]").body, ast.parse("x = df").body, None)
    assert followed([body], "x").given["x"].type == "pd.DataFrame"


def test_both_halves_of_a_split_are_what_was_split() -> None:
    source = "a, b, c, d = train_test_split(df[['x']], df['y'])"
    given = followed(ast.parse(source).body, "a", "d").given
    assert [given["a"].shape, given["d"].shape] == ["(n rows, 1)", "(n rows,)"]


def test_rows_that_only_training_leaves_out_are_said() -> None:
    body = [guard(ast.parse("df = df[df['a'] > 1]").body, [], None)]
    assert "Returns:\n        (n rows, n columns), fewer rows when fitting." in docstring(
        followed(body, "df"), interface=True
    )
    body = [guard(ast.parse("df['b'] = df['a']").body, [], None)]
    assert "fewer" not in docstring(followed(body, "df"), interface=True)
