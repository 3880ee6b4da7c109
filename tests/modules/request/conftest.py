"""A notebook that recommends tracks, and what is known of it."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from nbprod.flow.program import parse
from nbprod.modules.printing import Printer
from nbprod.modules.request.analysis import Asked, analyse
from nbprod.split.request import entry_function
from tests.cases.test_idioms import as_notebook

CELLS = (
    'import numpy as np\nimport pandas as pd\nevents = pd.read_csv("listening.csv")',
    """LEAST = 2
popular = events["track"].value_counts()
popular = popular[popular > LEAST]
heard = events.groupby("user")["track"].agg(set)
print(len(popular))
unused = 3
def played(user):
    return heard.get(user, set())
def score(track):
    return popular[track]
def shorter(texts):
    return [t[:3] for t in texts]""",
    """# nbprod: predict
def suggest(user, k=4):
    fresh = [t for t in popular.index if t not in played(user)]
    return sorted(fresh, key=score, reverse=True)[:k]""",
)


def look_at(*cells: str) -> Asked:
    notebook = as_notebook("asked", list(cells))
    program = parse(notebook)
    function = entry_function(program)
    assert isinstance(function, ast.FunctionDef)
    return analyse(notebook, program, function, Printer(notebook))


@pytest.fixture
def asked() -> Asked:
    return look_at(*CELLS)


@pytest.fixture
def looked_at() -> Callable[..., Asked]:
    """Return what analyses the notebook with other cells behind its own, or ``between`` its data and the function."""
    return lambda *behind, between="": look_at(
        *CELLS[:2], *([between] if between else []), CELLS[2], *behind
    )
