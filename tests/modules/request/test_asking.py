"""``asking.py`` has the functions of the notebook, and hands the state to those that read it."""

from __future__ import annotations

import ast

from nbprod.modules.imports import Imports
from nbprod.modules.request.analysis import Asked
from nbprod.modules.request.asking import needing, package_imports, print_asking

STATE = {"popular": "popular", "heard": "heard"}


def _functions(source: str) -> list[ast.FunctionDef]:
    return [f for f in ast.parse(source).body if isinstance(f, ast.FunctionDef)]


def test_who_calls_one_that_reads_the_state_needs_it_too() -> None:
    functions = _functions(
        "def a(): return b()\ndef b(): return c()\ndef c(): return heard\ndef d(): return len([])"
    )
    assert needing(functions, {"heard"}) == {"a", "b", "c"}
    assert needing(functions, set()) == set()


def test_calls_hand_the_state_on_and_functions_that_are_handed_around_keep_it(asked: Asked) -> None:
    source = print_asking(asked, Imports(asked.flow.body), {}, STATE)
    assert "played(user, state=state)" in source
    assert "key=partial(score, state=state)" in source
    assert "heard = state.heard" in source
    assert "from .state import PreprocessState" in source
    assert "shorter" not in source


def test_settings_that_a_source_uses_are_imported(asked: Asked) -> None:
    assert package_imports(asked, "x > LEAST", {"LEAST": "LEAST"}) == ["from .config import LEAST"]
    assert package_imports(asked, "x > 1", {"LEAST": "LEAST"}) == []
