"""Quotes are exchanged where black would exchange them, and nothing else."""

from __future__ import annotations

import pytest

from nbprod.modules.quotes import double_quoted


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 'a'", 'x = "a"'),
        ("x = ''", 'x = ""'),
        ("x = \"it's\" + 'b'", 'x = "it\'s" + "b"'),
        ("x = 'say \"no\"'", "x = 'say \"no\"'"),
        ("x = r'a' + b'c' + f'{d}'", "x = r'a' + b'c' + f'{d}'"),
        ("x = 'a'  # don't, 'never'", "x = \"a\"  # don't, 'never'"),
        ("x = '''a'b'''", "x = '''a'b'''"),
    ],
)
def test_only_plain_strings_get_double_quotes(before: str, after: str) -> None:
    assert double_quoted(before) == after
