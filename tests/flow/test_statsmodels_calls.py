"""Models that are built in one statement and fitted in another."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.statsmodels_calls import in_one_call


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
