"""Comments stay with the statements that they are about."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.comments import attach_comments
from nbprod.flow.program import stamp
from nbprod.modules.printing import Printer
from nbprod.notebook.values import Cell, Notebook

WHOLE = [
    "# above\nx = 1  # behind",
    "for a in b:\n    x = 1\n    # the end of the loop\ny = 2",
    "if a:  # behind if\n    x = 1\n    # the end\nelse:  # behind else\n    # above\n    x = 2\n    # the other end",
    "if a:\n    x = 1\n    # one\nelif b:  # behind elif\n    x = 2\n    # two\nelse:\n    x = 3\n    # three",
    "for a in b:\n    if a:\n        x = 1\n        # inner end\n    # outer end\n# above y\ny = 1",
    "def f(a):\n    # first\n    return a\n    # last",
    "for a in b:  # one\n    x = 1\nelse:  # two\n    x = 2",
    "x = {\n    # inside\n    'a': 1,  # more\n}",
]


def printed(code: str) -> str:
    cell = Cell(1, "code", code, code)
    tree = ast.parse(code)
    stamp(tree, 1)
    attach_comments(tree, code)
    return Printer(Notebook("x.ipynb", "x", (cell,))).body(tree.body, 0)


@pytest.mark.parametrize("code", WHOLE)
def test_every_comment_is_printed_where_it_stood(code: str) -> None:
    assert printed(code).replace('"', "'") == code


def test_a_comment_above_else_goes_on_behind_it() -> None:
    assert printed("if a:\n    x = 1\n# or else\nelse:\n    x = 2") == (
        "if a:\n    x = 1\nelse:\n    # or else\n    x = 2"
    )


def test_an_indented_comment_that_ends_no_block_stands_above_what_follows() -> None:
    assert printed("   # one\nx = 1\n  # two\ny = 2") == "# one\nx = 1\n# two\ny = 2"


def test_a_comment_of_many_lines_stays_in_order() -> None:
    code = "while a:\n    x = 1\n    # one\n    # two\n\n    # three\nz = 1"
    assert printed(code) == "while a:\n    x = 1\n    # one\n    # two\n    # three\n\nz = 1"


def test_words_that_end_a_cell_stay_below_its_last_statement() -> None:
    assert printed("x = 1\n\n# now x is one") == "x = 1\n# now x is one"
    assert printed("for a in b:\n    c = a\n# done") == "for a in b:\n    c = a\n# done"


def test_a_statement_that_was_taken_out_at_the_end_of_a_cell_is_no_part_of_one() -> None:
    assert printed("x = 1\n# df.head()") == "x = 1"


def test_the_characters_that_no_reader_sees_are_left_out() -> None:
    assert printed("for a in b:\n    x = 1\n    # a\u202eb") == "for a in b:\n    x = 1\n    # ab"
