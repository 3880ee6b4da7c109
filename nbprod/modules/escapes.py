"""Backslashes in strings that mean nothing, such as ``"\\d+"``: Python warns of them and will refuse them."""

from __future__ import annotations

import io
import re
import tokenize

_PIECE = re.compile(r"\\(?:\r\n|.)", re.DOTALL)
_PREFIX = re.compile(r"[A-Za-z]*")
_KNOWN = frozenset("\n\r\\'\"abfnrtvxNuU01234567")


def mended(text: str) -> str:
    """Return Python text whose strings say what they mean: raw where no backslash has a meaning."""
    if "\\" not in text:
        return text
    lines = text.splitlines(keepends=True)
    changes: list[tuple[tuple[int, int], tuple[int, int], str]] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.STRING and "\\" in token.string:
                new = _mended(token.string)
                if new != token.string:
                    changes.append((token.start, token.end, new))
    except (tokenize.TokenError, SyntaxError):
        return text
    for (row, column), (last, end), new in reversed(changes):
        rest = lines[last - 1][end:]
        lines[row - 1 : last] = [lines[row - 1][:column] + new + rest]
    return "".join(lines)


def _mended(literal: str) -> str:
    prefix = _PREFIX.match(literal)
    assert prefix is not None
    kind = prefix[0].lower()
    if "r" in kind or "b" in kind:
        return literal
    pieces = [found[0][1] for found in _PIECE.finditer(literal)]
    unknown = [piece for piece in pieces if piece not in _KNOWN]
    if not unknown:
        return literal
    if len(unknown) == len(pieces):
        return f"r{literal}" if "u" not in kind else f"r{literal[len(kind):]}"
    return _PIECE.sub(lambda m: m[0] if m[0][1] in _KNOWN else "\\" + m[0], literal)


__all__ = ["mended"]
