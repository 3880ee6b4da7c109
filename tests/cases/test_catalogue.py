"""The page of idioms lists every case, and every idiom has one."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "idioms.md"
CASES = {path.stem for path in (Path(__file__).parent / "idioms").glob("*.md")}
IDIOMS = 52


def listed(text: str) -> set[str]:
    return set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)*)`", text))


def rows() -> dict[int, str]:
    """Return the last cell of every line of the table by its number."""
    text = PAGE.read_text("utf-8")
    return {
        int(n): cell for n, cell in re.findall(r"^\| (\d+) \|.*\| ([^|]*) \|$", text, re.MULTILINE)
    }


def test_every_idiom_has_a_case() -> None:
    found = rows()
    assert sorted(found) == list(range(1, IDIOMS + 1))
    assert [n for n, cell in found.items() if not listed(cell) & CASES] == []


def test_the_table_names_no_case_that_is_not_there() -> None:
    assert {name for cell in rows().values() for name in listed(cell)} - CASES == set()


def test_every_case_is_on_the_page() -> None:
    assert CASES - listed(PAGE.read_text("utf-8")) == set()
