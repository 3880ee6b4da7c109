"""The one place through which values of a notebook enter templates.

Identifiers match a pattern, text loses control characters and whatever ends a comment, a string or a
table cell; numbers and structures are serialised by a library.
"""

from __future__ import annotations

import ast
import json
import re

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}")


class NotAllowed(ValueError):
    """A value of the notebook cannot be printed safely."""


def identifier(value: str) -> str:
    """Return ``value`` when it is a plain ASCII identifier."""
    if not IDENTIFIER.fullmatch(value):
        raise NotAllowed(f"{value[:40]!r} is no identifier")
    return value


def line(value: str, limit: int = 200) -> str:
    """Return text as one printable line that ends no comment, string, fence or table cell."""
    text = "".join(c if c.isprintable() else " " for c in value)
    text = " ".join(text.split())
    for mark, other in (
        ("`", "'"),
        ("|", "/"),
        ('"""', "'''"),
        ("{{", "{ {"),
        ("}}", "} }"),
        ("{%", "{ %"),
        ("\\", "/"),
        ("<", "("),
        (">", ")"),
    ):
        text = text.replace(mark, other)
    return text[:limit].strip()


def comment(value: str, limit: int = 100) -> str:
    """Return text for a Python comment: like ``line``, with its comparison signs kept."""
    text = "".join(c if c.isprintable() else " " for c in value)
    return " ".join(text.split()).replace("\\", "/")[:limit].strip()


def literal(value: str) -> str:
    """Return a Python literal, parsed and printed again."""
    return repr(ast.literal_eval(value))


def quoted(value: str) -> str:
    """Return a double-quoted string for TOML, JSON and Python."""
    return json.dumps(line(value))
