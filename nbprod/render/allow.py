"""The one place through which values of a notebook enter templates.

Identifiers match a pattern, text loses control characters and whatever ends a comment, a string or a
table cell; numbers and structures are serialised by a library.
"""

from __future__ import annotations

import ast
import html
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


def module(value: str) -> str:
    """Return ``value`` when it is the file of a Python module, in the package or in a folder of it."""
    return "/".join(identifier(part) for part in value.removesuffix(".py").split("/")) + ".py"


def line(value: str, limit: int = 200) -> str:
    """Return text as one printable line that ends no comment, string, fence or table cell."""
    text = _one_line(value)
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
    """Return text for a Python comment: one printable line."""
    return _one_line(value).replace("\\", "/")[:limit].strip()


def literal(value: str) -> str:
    """Return a Python literal as it is written; printed anew when it holds characters that hide."""
    try:
        tree = ast.parse(value, mode="eval")
        ast.literal_eval(tree)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise NotAllowed(f"{line(value, 40)!r} is no literal") from None
    return value if value.replace("\n", "").isprintable() else ast.unparse(tree)


def code(value: str, limit: int = 90) -> str:
    """Return source text as a Markdown code span for a table cell; a longer text ends in dots."""
    text = _one_line(value).replace("`", "'")
    if len(text) > limit:
        text = text[: limit - 3].rstrip() + "..."
    return "`" + text.replace("|", "\\|") + "`" if text else ""


def prose(value: str, limit: int = 300) -> str:
    """Return text as one line of Markdown that holds no HTML, no code fence and no link."""
    text = html.escape(_one_line(value)[:limit].strip(), quote=False)
    return text.replace("`", "'").replace("](", "]\\(")


def quoted(value: str) -> str:
    """Return a double-quoted string for TOML, JSON and Python."""
    return json.dumps(line(value), ensure_ascii=False)


def _one_line(value: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())
