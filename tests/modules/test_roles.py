"""Every statement ends with exactly one role."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbprod.flow.program import origin, parse
from nbprod.modules import build
from nbprod.notebook import read

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures").glob("*/notebook.ipynb"))
ROLES = {
    "serve", "learn", "fit", "load", "target", "model", "evaluate", "display", "import", "unused", "refused",
}  # fmt: skip


@pytest.mark.parametrize("path", FIXTURES, ids=lambda p: p.parent.name)
def test_every_statement_has_exactly_one_role(path: Path) -> None:
    notebook = read(path)
    written = [(origin(s).cell, origin(s).line) for s in parse(notebook).body]
    given = [(s.cell, s.line) for s in build(notebook).statements]
    assert given == written
    assert {s.role for s in build(notebook).statements} <= ROLES


@pytest.mark.parametrize("path", FIXTURES, ids=lambda p: p.parent.name)
def test_building_twice_gives_the_same_text(path: Path) -> None:
    assert build(read(path)).files == build(read(path)).files
