"""Where the body is cut into functions."""

from __future__ import annotations

import ast

from nbprod.flow.program import Section
from nbprod.modules.cutting import cut
from nbprod.modules.pieces import Piece
from nbprod.split.guards import guard

SPLIT = "X_train, _, y_train, _ = train_test_split(X, y)"
CLEAN = "df['a'] = df['a'] + 1\ndf['b'] = df['a'] * 2\ndf['c'] = df['b'] - 3"


def statements(cell: int, source: str, lead: str = "") -> list[ast.stmt]:
    body = ast.parse(source).body
    for node in body:
        node.cell = cell  # type: ignore[attr-defined]
    if lead:
        body[0].lead = [lead]  # type: ignore[attr-defined]
    return body


def sources(pieces: list[Piece]) -> list[str]:
    return ["; ".join(map(ast.unparse, piece.body)) for piece in pieces]


def test_what_comes_before_a_split_is_a_function_of_its_own() -> None:
    choice = "X = df.drop('y', axis=1)\ny = df['y']"
    split = guard(statements(2, SPLIT), statements(2, "X_train = X"), None)
    split.cell = 2  # type: ignore[attr-defined]
    pieces = cut([*statements(1, CLEAN), *statements(2, choice), split], {})
    assert [len(piece.body) for piece in pieces] == [3, 3]
    assert [piece.cells for piece in pieces] == [[1], [2]]
    assert [piece.said for piece in pieces] == ["Clean a and add b and c", "Split the rows"]


def test_a_line_before_a_split_stays_with_it() -> None:
    pieces = cut(statements(1, "df = df.dropna()\nX = df[['a']]\ny = df['y']\n" + SPLIT), {})
    assert len(pieces) == 1


def test_what_follows_a_split_is_another_function_without_the_heading() -> None:
    later = "A = scale(X_train)\nB = center(A)\nC = whiten(B)"
    pieces = cut(statements(1, f"{SPLIT}\n{later}"), {1: Section("Modelling", "How it goes.")})
    assert [piece.rest for piece in pieces] == [False, True]
    assert [piece.text for piece in pieces] == ["How it goes.", ""]


def test_another_name_for_a_table_goes_with_what_uses_it() -> None:
    body = [
        *statements(1, CLEAN),
        *statements(2, "data = df.copy()"),
        *statements(3, CLEAN.replace("df", "data")),
    ]
    sections = {1: Section("Clean"), 2: Section("Copy"), 3: Section("Encode")}
    pieces = cut(body, sections)
    assert [piece.title for piece in pieces] == ["Clean", "Encode"]
    assert sources(pieces)[1].startswith("data = df.copy()")


def test_small_parts_are_one_function_with_their_headings_as_comments() -> None:
    body = [
        *statements(1, "df['year'] = df['year'].astype(int)", "# numbers"),
        *statements(2, "df['km'] = df['km'].str.strip()"),
        *statements(3, "df['name'] = df['name'].str.lower()"),
    ]
    sections = {n: Section(title) for n, title in ((1, "1. Year"), (2, "Kilometres"), (3, "Name"))}
    (piece,) = cut(body, sections)
    leads = [getattr(node, "lead", []) for node in piece.body]
    assert leads == [["# Year", "# numbers"], ["# Kilometres"], ["# Name"]]
    assert (piece.title, piece.cells) == ("", [1, 2, 3])


def test_a_function_of_the_notebook_keeps_to_itself() -> None:
    made = statements(1, "df['b'] = df['a'] * 2")
    made[0].helper = "add_b"  # type: ignore[attr-defined]
    pieces = cut([*made, *statements(2, "df['c'] = df['b']")], {2: Section("More")})
    assert len(pieces) == 2
