"""Secrets in comments: a line that is switched off still says its password, and comments go into the package."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nbprod.findings import Finding, Origin
from nbprod.notebook.secret_values import may_hold_one, secret_parts
from nbprod.notebook.values import Cell

# What a switched-off line says: a name, = or :, and a text.
_SAID = re.compile(
    r"""(?P<name>\w+)["']?\]?\s*[=:]\s*(?P<quote>["'])(?P<value>[^"'\n]+)(?P=quote)"""
)


def without_commented_secrets(cells: Sequence[Cell]) -> tuple[list[Cell], list[Finding]]:
    """Return the cells with ``***`` for every secret in a comment of their code, and a finding a line."""
    kept: list[Cell] = []
    findings: list[Finding] = []
    for cell in cells:
        lines = cell.code.split("\n")
        for row, column, comment in _comments(cell.code):
            hidden = _hidden(comment)
            if hidden == comment:
                continue
            lines[row - 1] = lines[row - 1][:column] + hidden
            findings.append(
                Finding(
                    "W-SECRET",
                    "the comment holds a secret; the package says *** in its place",
                    Origin(cell.number, row),
                    advice="delete it in the notebook, too; then withdraw the old one",
                )
            )
        kept.append(replace(cell, code="\n".join(lines)))
    return kept, findings


def _comments(code: str) -> Iterator[tuple[int, int, str]]:
    if "#" not in code or not may_hold_one(code):
        return
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.COMMENT:
                yield *token.start, token.string
    except (tokenize.TokenError, IndentationError):  # a cell that does not parse is left out
        return


def _hidden(comment: str) -> str:
    said = [(m["name"], m["value"], m.start("value")) for m in _SAID.finditer(comment)]
    for start, end in sorted(secret_parts(comment, said), reverse=True):
        comment = f"{comment[:start]}***{comment[end:]}"
    return comment


__all__ = ["without_commented_secrets"]
