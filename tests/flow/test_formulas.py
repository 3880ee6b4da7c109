"""What a formula reads, and which formulas say the same of a row alone."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.formulas import NoPlainFormula, formula_of
from nbprod.flow.statsmodels_calls import in_one_call


def call(code: str) -> ast.Call:
    node = ast.parse(code, mode="eval").body
    assert isinstance(node, ast.Call)
    return node


@pytest.mark.parametrize(
    ("formula", "columns"),
    [
        ("y ~ a", ["a"]),
        ("y ~ a + C(b) + a:b - 1", ["a", "b"]),
        ("y ~ b * a", ["b", "a"]),
        ("y ~ center(a) * b", ["a", "b"]),
        ("y ~ np.log(a) + I(b ** 2)", ["a", "b"]),
        ("y ~ np.where(a > 2, 1, 0) + np.log1p(b / a)", ["a", "b"]),
        ("y ~ Q('a b') + c", ["a b", "c"]),
        ("y ~ bs(a, df=4) + standardize(b)", ["a", "b"]),
        ("y ~ C(b, Treatment('x'))", ["b"]),
        ("y ~ (a + b)**2", ["a", "b"]),
    ],
)
def test_columns_of_a_formula(formula: str, columns: list[str]) -> None:
    found = formula_of(call(f"smf.ols({formula!r}, data=df)"))
    assert (found.label, list(found.columns)) == ("y", columns)


REFUSED = {
    "y ~ a / a.max()": "reads a.max|calls a.max",
    "y ~ np.mean(a)": "calls np.mean",
    "y ~ I(a - np.median(a))": "calls np.median",
    "y ~ own(a)": "calls own",
    "np.log(y) ~ a": "for its label",
    "y ~ y + a": "both sides",
    "y ~ 1": "no column",
    "y": "one ~",
    "y ~ a +* b": "cannot be read",
}


@pytest.mark.parametrize(("formula", "why"), REFUSED.items(), ids=REFUSED)
def test_what_other_rows_decide_is_refused_with_the_reason(formula: str, why: str) -> None:
    with pytest.raises(NoPlainFormula, match=why):
        formula_of(call(f"smf.ols({formula!r}, data=df)"))


@pytest.mark.parametrize(
    ("formula", "own"),
    [
        ("y ~ scale(a)", {"scale": "sklearn.preprocessing.scale"}),
        ("y ~ np.log(a)", {"np": "jax.numpy"}),
        ("y ~ center(a)", {"center": ""}),
    ],
)
def test_a_name_of_the_notebook_is_not_that_of_the_formula(
    formula: str, own: dict[str, str]
) -> None:
    built = call(f"smf.ols({formula!r}, data=df)")
    with pytest.raises(NoPlainFormula, match="notebook's own"):
        formula_of(built, own)
    formula_of(built, {"np": "numpy"})


@pytest.mark.parametrize(
    ("before", "given"),
    [
        ("f = 'y ~ a + b'", "f"),
        ("cols = ['a', 'b']", "'y ~ ' + ' + '.join(cols)"),
        ("target = 'y'", "f'{target} ~ a + b'"),
        ("cols = ['a', 'b']\nf = f\"y ~ {' + '.join(cols)}\"", "formula=f"),
    ],
)
def test_a_formula_put_together_of_texts_is_one_text(before: str, given: str) -> None:
    code = f"import statsmodels.formula.api as smf\n{before}\nr = smf.ols({given}, data=df).fit()"
    assert "'y ~ a + b'" in ast.unparse(in_one_call(ast.parse(code).body)[-1])


def test_a_formula_that_changes_is_unknown() -> None:
    code = "import statsmodels.formula.api as smf\nf = 'y ~ a'\nf = g(f)\nr = smf.ols(f, data=df).fit()"
    body = in_one_call(ast.parse(code).body)
    assert ast.unparse(body[-1]) == "r = smf.ols(f, data=df).fit()"
    with pytest.raises(NoPlainFormula, match="must be a text"):
        formula_of(call("smf.ols(f, data=df)"))
