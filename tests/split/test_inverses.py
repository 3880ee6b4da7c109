"""What a notebook did to its label is taken back, step by step; what cannot be taken back ends the way."""

from __future__ import annotations

import ast

import pytest

import nbprod.modules  # noqa: F401  what is learned and what is printed import each other: in this order
from nbprod.flow.interpret import interpret
from nbprod.split.inverses import Inverses
from nbprod.split.learned import Learned

BEFORE = "import numpy as np\nimport pandas as pd\ndf = pd.read_csv('x.csv')\n"


def _taken_back(source: str) -> tuple[list[tuple[str, str]], str | None]:
    """Return the steps for one operation on the label, and what is below it."""
    flow = interpret(ast.parse(f"{BEFORE}y = {source}").body)
    last = flow.body[-1]
    assert isinstance(last, ast.Assign)
    inverses = Inverses(flow, Learned())
    node = last.value
    found = (
        inverses.arithmetic(node, 0) if isinstance(node, ast.BinOp) else inverses.call(node, 0)  # type: ignore[arg-type]
    )
    below = ast.unparse(found[0]) if found is not None else None
    return [(step.kind, step.value) for step in inverses.steps], below


@pytest.mark.parametrize(
    ("source", "step"),
    [
        ("df['y'] * 1000", ("arithmetic", "/ 1000")),
        ("2 + df['y']", ("arithmetic", "- 2")),
        ("df['y'] - 1.5", ("arithmetic", "+ 1.5")),
        ("np.log1p(df['y'])", ("function", "numpy.expm1")),
        ("df['y'].map({'no': 0, 'yes': 1})", ("mapping", "{0: 'no', 1: 'yes'}")),
    ],
)
def test_an_operation_is_taken_back(source: str, step: tuple[str, str]) -> None:
    steps, below = _taken_back(source)
    assert steps == [step]
    assert below == "df['y']"


def test_what_changes_no_value_needs_no_step() -> None:
    assert _taken_back("df['y'].copy()") == ([], "df['y']")


@pytest.mark.parametrize(
    "source",
    [
        "df['y'] * 0",
        "2 - df['y']",
        "df['y'] ** 2",
        "df['y'].map({'a': 1, 'b': 1})",
        "df['y'].clip(0, 1)",
    ],
)
def test_what_cannot_be_taken_back_ends_the_way(source: str) -> None:
    assert _taken_back(source) == ([], None)
