"""Every statement of the notebook gets a role, and what is learned a place."""

from __future__ import annotations

from nbprod.modules.request.account import made_at, roles, sink, site
from nbprod.modules.request.analysis import Asked


def test_every_statement_has_a_role(asked: Asked) -> None:
    found = [(s.cell, s.line, s.role) for s in roles(asked)]
    assert found == [
        (1, 1, "import"),
        (1, 2, "import"),
        (1, 3, "load"),
        (2, 1, "learn"),
        (2, 2, "learn"),
        (2, 3, "learn"),
        (2, 4, "learn"),
        (2, 5, "display"),
        (2, 6, "unused"),
        (2, 7, "serve"),
        (2, 9, "serve"),
        (2, 11, "unused"),
        (3, 2, "model"),
    ]


def test_a_value_is_learned_where_it_last_changes(asked: Asked) -> None:
    assert (made_at(asked, "popular").cell, made_at(asked, "popular").line) == (2, 3)
    learned = site(asked, "popular", "popular_")
    assert (learned.expression, learned.field) == ("popular[popular > LEAST]", "popular_")


def test_the_function_is_what_answers(asked: Asked) -> None:
    answering = sink(asked)
    assert (answering["model"], answering["cell"], answering["line"]) == ("suggest", 3, 2)
    assert answering["primary"] == "requests"
