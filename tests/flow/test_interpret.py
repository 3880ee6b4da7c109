"""What expressions mean for the rows of a table."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.interpret import interpret
from nbprod.flow.values import Val

PRELUDE = "import pandas as pd\nimport numpy as np\ndf = pd.read_csv('x.csv')\n"

ROLES = [
    ("1 + 1", "const", ""),
    ("df", "row", "frame"),
    ("df['a']", "row", "series"),
    ("df.a", "row", "series"),
    ("df[['a', 'b']]", "row", "frame"),
    ("df.values", "row", "array"),
    ("df['a'] + df['b']", "row", "series"),
    ("df['a'] - df['a'].mean()", "row", "series"),
    ("df['a'].str.lower()", "row", "series"),
    ("df['a'].str.split(',', expand=True)[1]", "row", "series"),
    ("np.log1p(df['a'])", "row", "series"),
    ("df.mean(axis=1)", "row", "series"),
    ("df['a'].mean()", "stat", ""),
    ("df.columns", "stat", ""),
    ("len(df)", "stat", ""),
    ("df['a'].mean() / 2", "stat", ""),
    ("df.groupby('a')['b'].mean()", "stat", ""),
    ("df['a'].value_counts().index[0]", "stat", ""),
    ("df.isnull().sum()", "stat", ""),
    ("df['a'].rolling(3).mean()", "row", "series"),
]


def value(source: str) -> Val:
    body = ast.parse(f"{PRELUDE}x = {source}").body
    last = body[-1]
    assert isinstance(last, ast.Assign)
    return interpret(body).val(last.value)


@pytest.mark.parametrize(("source", "role", "kind"), ROLES)
def test_an_expression_has_its_role(source: str, role: str, kind: str) -> None:
    found = value(source)
    assert found.role == role
    if kind:
        assert found.kind == kind


@pytest.mark.parametrize(
    "source", ["df[df['a'] > 1]", "df.dropna()", "df.head()", "df.sample(3)", "df[:5]"]
)
def test_choosing_rows_opens_a_new_row_axis(source: str) -> None:
    body = ast.parse(f"{PRELUDE}x = {source}").body
    flow = interpret(body)
    last = body[-1]
    assert isinstance(last, ast.Assign)
    assert flow.val(last.value).axis != flow.final["df"].axis


@pytest.mark.parametrize(
    "source",
    [
        "df.rank()",
        "df['a'].shift()",
        "df['a'].cumsum()",
        "df['a'].ffill()",
        "df.groupby('a')['b'].cumcount()",
    ],
)
def test_operations_across_rows_are_marked(source: str) -> None:
    body = ast.parse(f"{PRELUDE}x = {source}").body
    assert "cross" in interpret(body).rules.values()


def test_a_fitted_estimator_is_learned() -> None:
    body = ast.parse(
        "from sklearn.preprocessing import StandardScaler\n"
        + PRELUDE
        + "s = StandardScaler()\ns.fit(df)"
    ).body
    assert interpret(body).final["s"].fitted
