from __future__ import annotations

import re
from pathlib import Path

from nbprod.rules import rule, rules

PACKAGE = Path(__file__).parents[1] / "nbprod"
CODE = re.compile(r"[\"']([EWI]-[A-Z][A-Z0-9]+(?:-[A-Z0-9]+)*)[\"':]")


def emitted() -> set[str]:
    return {
        code for path in PACKAGE.rglob("*.py") for code in CODE.findall(path.read_text("utf-8"))
    }


def test_every_code_in_the_source_has_a_page() -> None:
    known = {one.code for one in rules()}
    families = {code for code in emitted() if any(one.startswith(f"{code}-") for one in known)}
    assert emitted() - known - families == set()


def test_every_page_is_about_a_code_in_the_source() -> None:
    assert {one.code for one in rules()} - emitted() == set()


def test_pages_have_code_title_and_text() -> None:
    for one in rules():
        assert rule(one.code.lower()) == one
        assert one.title
        assert len(one.text.splitlines()) >= 3


def test_an_unknown_code_is_none() -> None:
    assert rule("X-1") is None
    assert rule("../__init__") is None
