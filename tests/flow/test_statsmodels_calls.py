"""What a formula reads, and models that are built in one statement and fitted in another."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.statsmodels_calls import formula_parts, in_one_call


def call(code: str) -> ast.Call:
    node = ast.parse(code, mode="eval").body
    assert isinstance(node, ast.Call)
    return node


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("y ~ a", ("y", ["a"])),
        ("y ~ a + C(b) + a:b - 1", ("y", ["a", "b"])),
        ("y ~ center(a) * b", ("y", ["a", "b"])),
        ("y ~ np.log(a)", None),
        ("np.log(y) ~ a", None),
        ("y ~ own(a)", None),
        ("y ~ Q('a b')", None),
        ("y ~ y + a", None),
        ("y", None),
    ],
)
def test_columns_of_a_formula(formula: str, expected: tuple[str, list[str]] | None) -> None:
    parts = formula_parts(call(f"smf.ols({formula!r}, data=df)"))
    assert (None if parts is None else parts[:2]) == expected


def test_a_formula_that_is_no_text_is_unknown() -> None:
    assert formula_parts(call("smf.ols(text, data=df)")) is None


@pytest.mark.parametrize(
    ("code", "fit"),
    [
        ("m = sm.OLS(y, X)\nr = m.fit()", "sm.OLS(y, X).fit()"),
        ("m = sm.OLS(y, X)\nX = X[:9]\nr = m.fit()", "m.fit()"),
        ("m = sm.OLS(y, X)\nm = other(X)\nr = m.fit()", "m.fit()"),
        ("m = other.OLS(y, X)\nr = m.fit()", "m.fit()"),
    ],
    ids=["in one", "data changed", "bound again", "another library"],
)
def test_building_and_fitting_become_one_call(code: str, fit: str) -> None:
    body = in_one_call(ast.parse(f"import statsmodels.api as sm\n{code}").body)
    last = body[-1]
    assert isinstance(last, ast.Assign)
    assert ast.unparse(last.value) == fit
