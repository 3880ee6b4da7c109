"""Paths that a notebook puts together are read as one, and files are found where they lie."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from nbprod.flow.interpret import interpret
from nbprod.modules.data_paths import Paths, absolute


def _path(source: str) -> tuple[str | int, str] | None:
    before = "import os\nimport pandas as pd\nfrom pathlib import Path\nroot = 'data'\n"
    flow = interpret(ast.parse(f"{before}df = {source}").body)
    return Paths(flow, None).path(flow.sources["df"])


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("pd.read_csv('x.csv')", (0, "x.csv")),
        ("pd.read_csv(filepath_or_buffer='x.csv')", ("filepath_or_buffer", "x.csv")),
        ("pd.read_csv(root + '/x.csv')", (0, "data/x.csv")),
        ("pd.read_csv(f'{root}/x.csv')", (0, "data/x.csv")),
        ("pd.read_csv(os.path.join(root, 'x.csv'))", (0, "data/x.csv")),
        ("pd.read_csv(Path(root) / 'x.csv')", (0, "data/x.csv")),
        ("pd.read_csv(os.environ['PLACE'])", None),
        ("pd.read_sql('select 1', 'db')", None),
    ],
)
def test_the_path_of_a_reader(source: str, found: tuple[str | int, str] | None) -> None:
    assert _path(source) == found


def test_a_file_is_looked_for_beside_the_notebook_unless_it_is_where_it_should_be(
    tmp_path: Path,
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "x.csv").write_text("a\n1\n", "utf-8")
    paths = Paths(interpret([]), tmp_path)
    assert paths.beside("C:\\files\\x.csv") == "data/x.csv"
    assert paths.beside("data/x.csv") is None
    assert paths.beside("other.csv") is None
    assert Paths(interpret([]), None).beside("/x.csv") is None


@pytest.mark.parametrize(
    ("value", "is_absolute"), [("/x", True), ("~/x", True), ("C:/x", True), ("x/y", False)]
)
def test_places_of_one_machine(value: str, is_absolute: bool) -> None:
    assert absolute(value) is is_absolute
