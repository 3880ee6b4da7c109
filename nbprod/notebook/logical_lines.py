"""Know whether a line of Python starts a statement, or continues a string, bracket or backslash."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""(?P<comment>\#.*)|(?P<triple>\"{3}|'{3})|(?P<quote>["'])|(?P<open>[(\[{])|(?P<close>[)\]}])"""
)


class Scanner:
    """Reads physical lines one by one; ``at_start`` says whether the next one starts a logical line.

    Broken code may leave the scanner inside a bracket or string: the rest of that cell is then read as
    a continuation, and the cell fails to parse anyway.
    """

    def __init__(self) -> None:
        self._depth = 0
        self._string = ""
        self._joined = False

    @property
    def at_start(self) -> bool:
        """Whether the next line starts a logical line."""
        return not (self._depth or self._string or self._joined)

    def feed(self, line: str) -> None:
        """Read one physical line without its line end."""
        position = 0
        self._joined = False
        while position < len(line):
            if self._string:
                position = self._skip_string(line, position)
                continue
            found = _TOKEN.search(line, position)
            if found is None:
                break
            position = found.end()
            if found["comment"]:
                return
            if found["triple"] or found["quote"]:
                self._string = found[0]
            elif found["open"]:
                self._depth += 1
            else:
                self._depth = max(0, self._depth - 1)
        self._joined = not self._string and line.endswith("\\")
        if len(self._string) == 1 and not line.endswith("\\"):
            self._string = ""  # a string of one line that was never closed

    def _skip_string(self, line: str, position: int) -> int:
        """Return the position behind the end of the open string, or the end of the line."""
        while position < len(line):
            if line[position] == "\\":
                position += 2
            elif line.startswith(self._string, position):
                position += len(self._string)
                self._string = ""
                return position
            else:
                position += 1
        return position


__all__ = ["Scanner"]
