from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbprod.write.text_merge import merge, unresolved

BASE = "a\nb\nc\nd\ne\n"

CLEAN = [
    pytest.param(BASE, BASE, BASE, id="nobody changed anything"),
    pytest.param("a\nX\nc\nd\ne\n", BASE, "a\nX\nc\nd\ne\n", id="only the person"),
    pytest.param(BASE, "a\nb\nc\nY\ne\n", "a\nb\nc\nY\ne\n", id="only the conversion"),
    pytest.param("a\nX\nc\nd\ne\n", "a\nb\nc\nd\nY\n", "a\nX\nc\nd\nY\n", id="different places"),
    pytest.param("a\nX\nc\nd\ne\n", "a\nX\nc\nd\ne\n", "a\nX\nc\nd\ne\n", id="the same change"),
    pytest.param(
        "a\nc\nd\ne\n", "a\nb\nc\nd\ne\nf\n", "a\nc\nd\ne\nf\n", id="a deletion and an addition"
    ),
    pytest.param("", BASE, "", id="emptied by the person"),
]


@pytest.mark.parametrize(("edited", "new", "expected"), CLEAN)
def test_changes_in_different_places_merge(edited: str, new: str, expected: str) -> None:
    merged = merge(BASE, edited, new)
    assert (merged.text, merged.conflicts) == (expected, 0)


def test_the_same_lines_changed_twice_keep_both_versions_between_markers() -> None:
    merged = merge(BASE, "a\nX\nc\nd\ne\n", "a\nY\nc\nd\ne\n")
    assert merged.conflicts == 1
    assert merged.text == ("a\n<<<<<<< your edit\nX\n=======\nY\n>>>>>>> new conversion\nc\nd\ne\n")
    assert unresolved(merged.text) == 2
    assert unresolved(BASE) is None


def test_a_deletion_against_a_change_is_a_conflict() -> None:
    assert merge(BASE, "a\nc\nd\ne\n", "a\nY\nc\nd\ne\n").conflicts == 1


def test_lines_without_a_line_end_never_join_a_marker() -> None:
    merged = merge("a", "x", "y")
    assert merged.text == "<<<<<<< your edit\nx\n=======\ny\n>>>>>>> new conversion\n"


LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "    return x\n"]), max_size=12)


@st.composite
def edits(draw: st.DrawFn, base: list[str], mark: str) -> list[str]:
    """A random edit whose own lines are recognisable."""
    lines = list(base)
    for number in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(lines)))
        removed = draw(st.integers(0, 2))
        added = [f"{mark}{number}.{i}\n" for i in range(draw(st.integers(0, 3)))]
        lines[at : at + removed] = added
    return lines


@settings(max_examples=2000, deadline=None)
@given(st.data())
def test_no_line_of_either_side_is_ever_lost(data: st.DataObject) -> None:
    base = data.draw(LINES)
    edited = data.draw(edits(base, "mine"))
    new = data.draw(edits(base, "new"))
    merged = merge("".join(base), "".join(edited), "".join(new))
    lines = merged.text.splitlines(keepends=True)
    for side, mark in ((edited, "mine"), (new, "new")):
        written = [line for line in side if line.startswith(mark)]
        assert [line for line in lines if line.startswith(mark)] == written
    if not merged.conflicts and edited == base:
        assert lines == new
    if not merged.conflicts and new == base:
        assert lines == edited
