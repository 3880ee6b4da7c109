"""Backslashes that mean nothing are written so that Python does not warn of them."""

from __future__ import annotations

import ast
import warnings

import pytest

from nbprod.modules.escapes import mended

CASES = [
    (r"x = '\n\\'", r"x = '\n\\'"),
    (r"x = r'\d'", r"x = r'\d'"),
    (r"x = ' ([A-Za-z]+)\.'", r"x = r' ([A-Za-z]+)\.'"),
    (r"x = f'\d{a}'", r"x = rf'\d{a}'"),
    (r"x = '\d\n', '\s'", r"x = '\\d\n', r'\s'"),
    ("x = '''a\n\\d'''\ny = '\\w'", "x = r'''a\n\\d'''\ny = r'\\w'"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_strings_say_what_they_mean(text: str, expected: str) -> None:
    if not text.startswith("x = f"):  # tokens of f-strings differ between versions of Python
        assert mended(text) == expected
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert ast.dump(ast.parse(mended(text))) == ast.dump(ast.parse(text))
