from __future__ import annotations

import ast
from pathlib import Path

import pytest

from nbprod.pipeline import analyse
from nbprod.tags import cell_roles
from tests.notebook.notebooks import code, write

FIXTURES = Path(__file__).parents[1] / "fixtures"
ROLES = {
    "serve",
    "learn",
    "fit",
    "load",
    "target",
    "model",
    "evaluate",
    "display",
    "import",
    "unused",
    "refused",
}
READ = "import pandas as pd\nfrom sklearn.linear_model import LinearRegression, Ridge\ndf = pd.read_csv('d.csv')"
FIT_A = "a = LinearRegression()\na.fit(df[['x']], df['y'])\nprint(a.predict(df[['x']]))"
FIT_B = "b = Ridge()\nb.fit(df[['x']], df['y'])\nprint(b.predict(df[['x']]))"


@pytest.mark.parametrize(
    ("first", "second", "model"),
    [
        ([], [], "Ridge"),
        (["training"], [], "LinearRegression"),
        ([], ["evaluate"], "LinearRegression"),
        (["evaluate"], [], "Ridge"),
        (["training"], ["training"], "Ridge"),
    ],
)
def test_tags_choose_among_several_models(
    tmp_path: Path, first: list[str], second: list[str], model: str
) -> None:
    path = write(tmp_path / "n.ipynb", code(READ), code(FIT_A, first), code(FIT_B, second))
    assert analyse(path).modules.model_class.endswith(model)


def codes(path: Path) -> list[tuple[str, str]]:
    found = analyse(path).findings
    return [(f.code, str(f.origin)) for f in found if f.code == "W-ROLE-CONTRADICTION"]


def test_tags_that_the_statements_speak_against_are_reported(tmp_path: Path) -> None:
    path = write(
        tmp_path / "n.ipynb",
        code(READ, ["load"]),
        code("df.head()\ndf['x'] = df['x'] * 2", ["evaluate"]),
        code("df.describe()", ["load"]),
        code(FIT_A, ["training"]),
        code("a.score(df[['x']], df['y'])", ["evaluate"]),
    )
    assert codes(path) == [
        ("W-ROLE-CONTRADICTION", "cell 2:2"),
        ("W-ROLE-CONTRADICTION", "cell 3:1"),
    ]


def test_a_cell_of_several_roles_gets_no_tag(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", code(f"{READ}\n{FIT_A}"), code("print(a.coef_)"))
    analysed = analyse(path)
    mixed, last = cell_roles(analysed.notebook, analysed.modules.statements)
    assert (mixed.role, mixed.said) == (None, False)
    assert mixed.reason == "mixed: evaluate, load, training; left to the inference"
    assert last.role == "evaluate"


def test_what_a_person_said_stays(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", code(READ, ["nbprod:load"]), code(FIT_A))
    analysed = analyse(path)
    said = cell_roles(analysed.notebook, analysed.modules.statements)[0]
    assert (said.role, said.reason, said.said) == ("load", "tag nbprod:load", True)


@pytest.mark.parametrize(
    "story", sorted(path.parent.name for path in FIXTURES.glob("*/notebook.ipynb"))
)
def test_every_statement_of_a_notebook_has_exactly_one_role(story: str) -> None:
    analysed = analyse(FIXTURES / story / "notebook.ipynb")
    written = [
        (cell.number, statement.lineno)
        for cell in analysed.notebook.code_cells
        for statement in ast.parse(cell.code).body
    ]
    assert [(s.cell, s.line) for s in analysed.modules.statements] == written
    assert {s.role for s in analysed.modules.statements} <= ROLES
    assert all(s.reason for s in analysed.modules.statements)
