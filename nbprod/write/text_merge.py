"""Merge two descendants of one text, line by line, as diff3 does.

The algorithm is that of Khanna, Kunal and Pierce, "A Formal Investigation of Diff3" (FSTTCS 2007), on
matching blocks of ``difflib``. The Python libraries that implement it are under the GPL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

OURS, MIDDLE, THEIRS = "<<<<<<<", "=======", ">>>>>>>"


@dataclass(frozen=True)
class MergedText:
    """The merged text and the number of places where both sides changed the same lines."""

    text: str
    conflicts: int


@dataclass(frozen=True)
class _Sync:
    """A run of ``size`` lines that is the same in the base, in the edited and in the new text."""

    base: int
    edited: int
    new: int
    size: int


def merge(base: str, edited: str, new: str) -> MergedText:
    """Merge a person's edit of ``base`` with the ``new`` generation of it.

    Where both changed the same lines differently, both versions stay between standard markers.
    """
    sides = [text.splitlines(keepends=True) for text in (base, edited, new)]
    out: list[str] = []
    conflicts = 0
    at_base = at_edited = at_new = 0
    for sync in _synchronised(*sides):
        chunk = _resolve(
            sides[0][at_base : sync.base],
            sides[1][at_edited : sync.edited],
            sides[2][at_new : sync.new],
        )
        conflicts += chunk.conflicts
        out.append(chunk.text)
        out.extend(sides[0][sync.base : sync.base + sync.size])
        at_base, at_edited, at_new = (
            sync.base + sync.size,
            sync.edited + sync.size,
            sync.new + sync.size,
        )
    return MergedText("".join(out), conflicts)


def unresolved(text: str) -> int | None:
    """Return the 1-based line of the first conflict marker left in a text, None without one."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith((OURS + " ", THEIRS + " ")):
            return number
    return None


def _resolve(base: Sequence[str], edited: Sequence[str], new: Sequence[str]) -> MergedText:
    if edited in (base, new):
        return MergedText("".join(new), 0)
    if new == base:
        return MergedText("".join(edited), 0)
    head = _common(edited, new)
    tail = _common(edited[head:][::-1], new[head:][::-1])
    mine, generated = edited[head : len(edited) - tail], new[head : len(new) - tail]
    lines = [
        *edited[:head],
        f"{OURS} your edit\n",
        *_ended(mine),
        f"{MIDDLE}\n",
        *_ended(generated),
        f"{THEIRS} new conversion\n",
        *edited[len(edited) - tail :],
    ]
    return MergedText("".join(lines), 1)


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _ended(lines: Sequence[str]) -> list[str]:
    """Give the last line a line end, so that a marker never joins it."""
    return [line if line.endswith("\n") else line + "\n" for line in lines]


def _synchronised(base: list[str], edited: list[str], new: list[str]) -> Iterator[_Sync]:
    """Yield the runs that all three texts share, in order, and an empty one at the end."""
    ours = SequenceMatcher(None, base, edited, autojunk=False).get_matching_blocks()
    theirs = SequenceMatcher(None, base, new, autojunk=False).get_matching_blocks()
    left = right = 0
    while left < len(ours) and right < len(theirs):
        a, b = ours[left], theirs[right]
        start, end = max(a.a, b.a), min(a.a + a.size, b.a + b.size)
        if start < end:
            yield _Sync(start, a.b + start - a.a, b.b + start - b.a, end - start)
        if a.a + a.size < b.a + b.size:
            left += 1
        else:
            right += 1
    yield _Sync(len(base), len(edited), len(new), 0)


__all__ = ["MergedText", "merge", "unresolved"]
