from __future__ import annotations

from pathlib import Path

import pytest

from nbprod.notebook import read
from nbprod.notebook.broken_cells import judge, names_bound
from tests.notebook.notebooks import code, write


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("print x", set()),
        ("df.head(", set()),
        ("x == 1 1", set()),
        ("x = = 1", {"x"}),
        ("a, b = f( 1 1", {"a", "b"}),
        ("df['a'] = 1 1", {"df"}),
        ("df.loc[m, 'a'] += 1 1", {"df"}),
        ("df.a.fillna(0, inplace=True) 1", {"df"}),
        ("def f(x)\n  y = 1", {"f", "y"}),
        ("import numpy as np pd", {"numpy", "np", "pd"}),
        ("from a import b, c d", {"b", "c", "d"}),
    ],
)
def test_names_that_a_broken_text_sets(source: str, names: set[str]) -> None:
    assert names_bound(source) == names


def test_a_broken_cell_counts_only_when_a_served_statement_reads_what_it_sets(
    tmp_path: Path,
) -> None:
    notebook = read(
        write(
            tmp_path / "n.ipynb",
            code("age = = 3"),
            code("fig = = 3"),
            code("y = f(\n    age)\nshow(fig)"),
        )
    )
    judged = judge(notebook.findings, notebook, [(3, 1)])
    assert [(f.code, f.origin.cell) for f in judged if f.origin] == [
        ("E-SYNTAX", 1),
        ("W-SYNTAX", 2),
    ]
    assert "the model depends on age" in judged[0].message
