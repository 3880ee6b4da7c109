"""Training becomes functions that take their tables from ``sources``."""

from __future__ import annotations

import ast
from collections.abc import Callable

from nbprod.modules.imports import Imports
from nbprod.modules.request.analysis import Asked
from nbprod.modules.request.pieces import pieces_of, reading_variables

WANTED = {"popular", "heard"}


def _text(asked: Asked, constants: dict[str, str]) -> tuple[list[list[str]], str]:
    pieces = pieces_of(asked, constants, Imports(asked.flow.body), WANTED)
    body = [ast.unparse(node) for piece in pieces for node in piece.body]
    return [piece.inputs for piece in pieces], "\n".join(body)


def test_tables_come_in_and_settings_are_read_elsewhere(asked: Asked) -> None:
    inputs, body = _text(asked, {"LEAST": "MINIMUM"})
    assert inputs == [["events"]]
    assert "read_csv" not in body
    assert "popular > MINIMUM" in body
    assert "LEAST" not in body
    assert "print" not in body


def test_a_helper_that_reads_variables_of_the_notebook_stays_inside(
    looked_at: Callable[..., Asked], asked: Asked
) -> None:
    assert reading_variables(asked) == []
    helped = (
        "def seldom(track):\n    return popular[track] < LEAST\nheard = heard[heard.map(seldom)]"
    )
    reading = looked_at(between=helped)
    assert [f.name for f in reading_variables(reading)] == ["seldom"]
    inputs, body = _text(reading, {})
    assert inputs == [["events"]]
    assert "def seldom(track)" in body
