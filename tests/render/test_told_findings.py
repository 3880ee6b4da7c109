"""The README tells what was found, and a finding that comes up often once."""

from __future__ import annotations

from nbprod.findings import Finding, Origin
from nbprod.render.told_findings import told


def test_few_findings_are_told_one_by_one() -> None:
    found = [Finding("W-COW", "first", Origin(1, 2)), Finding("W-COW", "second", None)]
    assert told(found) == ["W-COW cell 1:2 first", "W-COW second"]


def test_notes_are_for_the_terminal_alone() -> None:
    assert told([Finding("I-ENV", "a note", None)]) == []


def test_many_of_one_code_are_one_line_with_their_places() -> None:
    found = [Finding("W-COW", f"number {n}", Origin(n, 1)) for n in (4, 5, 6)]
    assert told([*found, Finding("W-CLOCK", "alone", Origin(9, 1))]) == [
        "W-COW 3 times (cell 4:1, cell 5:1, cell 6:1), first: number 4",
        "W-CLOCK cell 9:1 alone",
    ]
