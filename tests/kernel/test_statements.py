"""Loops, conditions and calls for their effect are lowered with what is in them."""

from __future__ import annotations

import ast

import pytest

from nbprod.kernel.values import NotLowered
from tests.kernel.conftest import Known


@pytest.mark.parametrize(
    ("source", "lowered"),
    [
        (
            "for c in ['a', 'b']:\n    df[c] = df[c] + 1",
            "for c in ['a', 'b']:\n    df[c] = df[c] + 1",
        ),
        (
            "for c in df:\n    df[c] = df[c] + 1",
            "for c in list(df):\n    df[c] = df[c] + 1",
        ),
        (
            "if n > 1:\n    df['a'] = 1\nelse:\n    pass",
            "if n > 1:\n    df['a'] = filled(df, 1)\nelse:\n    pass",
        ),
        ("df.drop('a', axis=1, inplace=True)", "df = drop(df, 'a')"),
        ("del df['a']", "del df['a']"),
        ("'a text'", ""),
    ],
)
def test_a_statement(known: Known, source: str, lowered: str) -> None:
    assert known.done(source) == lowered


@pytest.mark.parametrize(
    "source",
    [
        "while n:\n    pass",
        "for c in df['a']:\n    pass",
        "for c in [1]:\n    pass\nelse:\n    n = 1",
        "if n:\n    n = df",
        "if df['a']:\n    n = 1",
        "print(df)",
    ],
)
def test_a_statement_without_a_rule_is_refused_where_it_stands(known: Known, source: str) -> None:
    with pytest.raises(NotLowered) as refused:
        known.done(source)
    assert hasattr(refused.value.node, "lineno")


def test_comments_stay_with_their_statement(known: Known) -> None:
    (node,) = ast.parse("df['a'] = 1").body
    node.lead, node.trail = ["# before"], "# beside"  # type: ignore[attr-defined]
    (new,) = known.block([node])
    assert (new.lead, new.trail) == (["# before"], "# beside")  # type: ignore[attr-defined]
