"""Every code that ``verify`` can report has a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import nbprod.verify
from nbprod.rules import rule

ROOT = Path(nbprod.verify.__file__).parent
CODES = sorted(
    {
        code
        for path in ROOT.rglob("*.py")
        for code in re.findall(r'"([EWI]-[A-Z][A-Z-]+)"', path.read_text("utf-8"))
    }
)


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_explained(code: str) -> None:
    found = rule(code)

    assert found is not None, f"nbprod/rules/{code}.md is missing"
    assert "**Do this:**" in found.text


def test_there_are_codes() -> None:
    assert {"E-PARITY", "W-NOTEBOOK-FAILS", "I-UNSEEDED"} <= set(CODES)
