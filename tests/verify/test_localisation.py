"""A package that hands other values to ``fit``: which statement of the notebook it gets wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nbprod.findings import Finding
from nbprod.interpreter import this_python
from nbprod.notebook import read
from nbprod.verify.evidence import Evidence
from nbprod.verify.localising import locate_fit
from nbprod.verify.probe.judge.origins import made_by, most_alike, statement_at
from nbprod.verify.project import open_project
from nbprod.verify.recording import record
from nbprod.verify.run import Run
from nbprod.verify.supervise import Limits, default_memory, new_token
from nbprod.verify.workspace import workspace

FEATURES = "features.py"
FAULTS = {
    "another statistic": (
        ('df.groupby("day")["bill"].median()', 'df.groupby("day")["bill"].mean()'),
        (2, 1),
        ("df['bill']", "12 of 120 rows differ", " in the notebook, "),
    ),
    "another list of rare values": (
        ("counts[counts < 15]", "counts[counts < 35]"),
        (2, 4),
        ("df['day']", "'other' here"),
    ),
    "another formula": (
        ('df["bill"] / df["party"]', 'df["bill"] * df["party"]'),
        (4, 1),
        ("['per_head']", "119 rows"),
    ),
    "another filter": (
        ('df[df["bill"] < 150]', 'df[df["bill"] < 60]'),
        (4, 2),
        ("rows, 119 in the notebook",),
    ),
}


def located(shop: Any) -> Finding | None:
    """Record the notebook and look for the statement, as after a failed V1."""
    shop.write()
    notebook, project = read(shop.notebook), open_project(shop.project)
    run = Run(this_python(), Limits(300, default_memory()), lambda _: None, new_token())
    evidence = Evidence(findings=[Finding("E-FIT-DIFFERS", "X: 3 of 119 rows differ; row 1: 2")])
    with workspace(shop.notebook, shop.project, project.paths, run.token) as space:
        recorded = record(notebook, project, space, run, evidence)
        assert recorded is not None
        space.restore()
        locate_fit(recorded, notebook, project, space, (run, run), evidence)
    return next((f for f in evidence.findings if f.code == "E-FIT-DIFFERS" and f.origin), None)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_statement_that_the_package_gets_wrong_is_named(shop: Any, fault: str) -> None:
    edit, place, told = FAULTS[fault]
    shop.edit(FEATURES, *edit)

    found = located(shop)

    assert found is not None
    assert found.origin is not None
    assert (found.origin.cell, found.origin.line) == place, found
    line = list(shop.cells.values())[place[0] - 1].splitlines()[place[1] - 1]
    assert found.source == line
    assert found.message.startswith("X: 3 of 119 rows differ; ")
    assert [text for text in told if text not in found.message] == [], found.message
    assert found.advice


def test_a_package_that_does_the_same_has_no_such_statement(shop: Any) -> None:
    assert located(shop) is None


@pytest.mark.slow
def test_the_certificate_names_the_statement(shop: Any) -> None:
    shop.edit(FEATURES, *FAULTS["another filter"][0])

    verdict = shop.verify()

    found = [f for f in verdict.findings if f.code == "E-FIT-DIFFERS"]
    assert [(f.origin.cell, f.origin.line) for f in found if f.origin] == [(4, 2)]
    assert len(found) == 1, "the same without a place is left out"


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ('df = pd.get_dummies(df, columns=["Title"])', (2, 1)),
        ("df['Age'] = df['Age'].fillna(state.age_median)", (1, 2)),
        ("return features", None),
    ],
)
def test_a_line_of_the_package_is_found_in_the_notebook(
    line: str, place: tuple[int, int] | None
) -> None:
    cells = {
        "1": "df = load()\ndf['Age'] = df['Age'].fillna(df['Age'].median())",
        "2": "df = pd.get_dummies(df, columns=['Title'])",
    }
    found = most_alike(cells, list(cells), line)
    assert (found.get("cell"), found.get("line")) == (place or (None, None))


def test_a_statement_over_several_lines_is_read_as_one(tmp_path: Path) -> None:
    path = tmp_path / "features.py"
    path.write_text(
        'def f(df):\n    df = g(\n        df, columns=["a"]\n    )\n    if df:\n        pass\n'
    )
    assert statement_at(str(path), 3) == 'df = g( df, columns=["a"] )'
    assert statement_at(str(path), 5) == "if df:"


@pytest.mark.parametrize(
    ("column", "place"), [("f", (3, 2)), ("g", (1, 1)), ("h", (2, 1)), ("df", None)]
)
def test_a_column_is_made_by_the_last_statement_that_assigns_it(
    column: str, place: tuple[int, int] | None
) -> None:
    cells = {
        "1": "df['g'] = 1",
        "2": "df.loc[df['g'] > 1, 'h'] = df['f'] = 2",
        "3": "x = df['f']\ndf['f'] = x + 1",
        "10": "this is no Python",
    }
    found = made_by(cells, column)
    assert (found.get("cell"), found.get("line")) == (place or (None, None))
