"""Quotes as black has them: double ones, wherever a string holds nothing that would have to be escaped."""

from __future__ import annotations

import re

# A comment or a string; the group is the inside of a plain one in single quotes that holds nothing to escape.
_TOKEN = re.compile(
    r"#[^\n]*"
    r"|[A-Za-z]*\"\"\"(?:[^\\]|\\.)*?\"\"\""
    r"|[A-Za-z]*'''(?:[^\\]|\\.)*?'''"
    r"|[A-Za-z]*\"(?:[^\"\\\n]|\\.)*\""
    r"|(?<![A-Za-z0-9_])'([^'\"\\\n]*)'(?!')"
    r"|[A-Za-z]*'(?:[^'\\\n]|\\.)*'",
    re.DOTALL,
)


def double_quoted(source: str) -> str:
    """Return Python with plain strings in the quotes that black would give them; no character moves."""
    if "'" not in source:
        return source
    return _TOKEN.sub(lambda m: m[0] if m[1] is None else f'"{m[1]}"', source)


__all__ = ["double_quoted"]
