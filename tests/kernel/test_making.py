"""Rules get arguments by name, values of a known kind, and names that the notebook does not use."""

from __future__ import annotations

import ast

import pytest

from nbprod.kernel.values import NotLowered
from tests.kernel.conftest import Known


def _call(source: str) -> ast.Call:
    node = ast.parse(source, mode="eval").body
    assert isinstance(node, ast.Call)
    return node


def test_arguments_are_found_by_place_and_by_name(known: Known) -> None:
    found = known.bind(_call("f(1, c=3, quiet=True)"), "a", "b", "c", ignored=("quiet",))
    assert {name: ast.unparse(value) for name, value in found.items()} == {"a": "1", "c": "3"}


@pytest.mark.parametrize("source", ["f(*a)", "f(**a)", "f(1, 2)", "f(b=1)"])
def test_an_argument_that_no_rule_knows_is_refused(known: Known, source: str) -> None:
    with pytest.raises(NotLowered):
        known.bind(_call(source), "a")


def test_a_function_of_ours_gives_way_to_a_name_of_the_notebook(known: Known) -> None:
    known.reserved = {"fill", "fill_"}
    assert ast.unparse(known.imported("fill")) == "fill__"
    assert known.used == {"fill"}


@pytest.mark.parametrize(
    ("source", "many"), [("['a']", True), ("'a'", False), ("list(n)", True), ("n[0]", False)]
)
def test_a_key_is_one_name_or_several(known: Known, source: str, many: bool) -> None:
    node = ast.parse(source, mode="eval").body
    assert known.is_many(node, known.lower(node)) is many


def test_a_key_of_unknown_number_is_refused(known: Known) -> None:
    with pytest.raises(NotLowered, match="one column or several"):
        known.is_many(ast.Name("n", ast.Load()), known.of("n"))


def test_what_depends_on_rows_is_not_plain(known: Known) -> None:
    with pytest.raises(NotLowered, match="plain value"):
        known.plain(ast.parse("df['a']", mode="eval").body)
