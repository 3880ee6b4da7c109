"""Lines of which black has said before that it leaves them alone.

Black looks at the kinds of the tokens of a line and at its width, never at how a name is spelled. So a function
needs no black when each of its lines, with the one above it, has a shape that black left alone before, and
fits. What is not surely of one kind (a prefixed string, a keyword, a strange number) is its own shape, and
brackets and strings over several lines, nested functions and decorators are always left to black.
"""

from __future__ import annotations

import keyword
import re

_TOKEN = re.compile(
    r"(?P<comment># [^\s:][^\n:]*)"
    r'|(?P<text>f?"[^"\\\n]*"(?!"))'
    r"|(?P<other>#.*|[A-Za-z]*\"(?:[^\"\\\n]|\\.)*\"|[A-Za-z]*'(?:[^'\\\n]|\\.)*')"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<number>\d+(?:\.\d+)?(?![\w.]))"
)
_KEPT = frozenset([*keyword.kwlist, *keyword.softkwlist, "print", "exec"])
_FOLDED = "folded "
_DOCSTRING = '    """'
_SAID = re.compile(r"(    +)[^\s\"'\\][^\"'\\\t]*(?<![\s\"'\\])|")  # one line inside a docstring
_UNDER = frozenset(
    {"docstring", "docstring, deeper"}
)  # what an indented line in one may stand under
_STRUCTURE = re.compile(r"\s*(?:def|class|async|import|from|@)\b|\s*@")
_OPENING, _CLOSING = re.compile(r"[(\[{]"), re.compile(r"[)\]}]")

Shape = tuple[str, int, str]  # the line above, how many blank lines between, the line


class Familiar:
    """What black has been seen to leave alone, for lines no wider than ``width``."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._seen: set[Shape] = set()

    def knows(self, function: str) -> bool:
        """Say whether black would leave a function as it is."""
        shapes = self._shapes(function)
        return shapes is not None and self._seen.issuperset(shapes)

    def learn(self, function: str) -> None:
        """Remember a function that black has left like this."""
        shapes = self._shapes(function)
        if shapes is not None:
            self._seen.update(shapes)

    def _shapes(self, function: str) -> list[Shape] | None:
        """Return the shapes of the lines; None when more than lines decides."""
        if not (function.startswith("def ") and function.isascii() and function.endswith("\n")):
            return None
        lines = self._unfolded(function[:-1].split("\n"))
        shapes: list[Shape] = []
        above, blank, inside = "", 0, False
        for number, line in enumerate(lines):
            if len(line) > self.width and (number or not line.startswith(_FOLDED)):
                return None
            if inside or (number == 1 and line.startswith(_DOCSTRING)):
                shape, inside = _of_docstring(line, inside)
                if shape == "docstring, deeper" and above not in _UNDER:
                    return None  # black moves a docstring whose lines are all indented
            elif not line:
                blank += 1
                continue
            elif number and _STRUCTURE.match(line):
                return None
            else:
                shape = _TOKEN.sub(_kind, line)
                if not _is_whole(shape):
                    return None
            if not shape:
                return None
            shapes.append((above, blank, shape))
            above, blank = shape, 0
        return None if blank or inside else shapes

    def _unfolded(self, lines: list[str]) -> list[str]:
        """Return a signature of three lines as one, marked, when it is in three because one is too narrow."""
        if len(lines) < 3 or not (lines[0].endswith("(") and lines[2].startswith(")")):
            return lines
        whole = lines[0] + lines[1].strip() + lines[2]
        if len(whole) <= self.width or max(map(len, lines[:3])) > self.width:
            return lines
        return [_FOLDED + whole, *lines[3:]]


def _of_docstring(line: str, inside: bool) -> tuple[str, bool]:
    """Return the shape of a line of a docstring, empty when it is unusual, and whether it goes on."""
    if inside and line == _DOCSTRING:
        return "docstring ends", False
    text = line if inside else f"    {line.removeprefix(_DOCSTRING)}"
    whole = not inside and text.endswith('"""')
    text = text.removesuffix('"""') if whole else text
    said = _SAID.fullmatch(text)
    deeper = said is not None and len(said[1] or "") > 4
    if said is None or (not inside and (deeper or not text)):
        return "", False
    if inside:
        return (
            "docstring, deeper" if deeper else "docstring" if text else "docstring pauses"
        ), True
    return ("docstring, whole" if whole else "docstring begins"), not whole


def _kind(found: re.Match[str]) -> str:
    text, kind = found[0], found.lastgroup
    if kind == "other" or (kind == "word" and text in _KEPT):
        return text
    if kind == "number":
        return "1.0" if "." in text else "1"
    return {"comment": "# c", "text": '"t"', "word": "w"}[str(kind)]


def _is_whole(shape: str) -> bool:
    """Say whether a line ends what it begins."""
    if shape.endswith("\\") or '"""' in shape or "'''" in shape:
        return False
    return len(_OPENING.findall(shape)) == len(_CLOSING.findall(shape))


__all__ = ["Familiar"]
