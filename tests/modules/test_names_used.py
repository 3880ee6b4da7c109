"""Variables of statements: those of a comprehension are its own."""

from __future__ import annotations

import ast

from nbprod.modules.names_used import names_in, names_of, together


def test_a_name_bound_in_a_comprehension_is_not_written() -> None:
    assert names_of(ast.parse("d = [x for x in a]").body).written == {"d"}


def test_a_name_bound_in_a_comprehension_and_outside_it_is_written() -> None:
    found = names_of(ast.parse("d = [y - x for x, y in zip(a, b)]\ny = t['y']").body)

    assert found.written == {"d", "y"}


def test_names_of_statements_are_those_of_each_together() -> None:
    body = ast.parse("a.b = c\nd = [a for a in e]\nf(g)\nh += a\nd[1] = d").body
    assert together(map(names_in, body)) == names_of(body)
    assert together([]) == names_of([])
