"""Variables of statements: those of a comprehension are its own."""

from __future__ import annotations

import ast

from nbprod.modules.names_used import names_of


def test_a_name_bound_in_a_comprehension_is_not_written() -> None:
    assert names_of(ast.parse("d = [x for x in a]").body).written == {"d"}


def test_a_name_bound_in_a_comprehension_and_outside_it_is_written() -> None:
    found = names_of(ast.parse("d = [y - x for x, y in zip(a, b)]\ny = t['y']").body)

    assert found.written == {"d", "y"}
