"""The notebook's line behind a line of the package."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ALIKE = 0.6  # share of equal text from which two lines are taken for the same


def statement_at(path: str, line: int) -> str:
    """Return the statement that a line of a file belongs to, as one line; of a compound one the line."""
    text = Path(path).read_text("utf-8")
    around = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    inner = max(around, key=lambda node: node.lineno, default=None)
    if inner is None or hasattr(inner, "body"):
        return (text.splitlines() or [""])[line - 1].strip()
    return " ".join((ast.get_source_segment(text, inner) or "").split())


def most_alike(cells: Mapping[str, str], numbers: Iterable[str], line: str) -> dict[str, Any]:
    """Return cell, line and source of the notebook's line that is most like a line of the package.

    ``numbers`` are the cells to look at. Without a line that is alike only ``source`` is returned.
    """
    wanted = _bare(line)
    best: tuple[float, dict[str, Any]] = (ALIKE, {"source": line})
    for number in numbers:
        for place, text in enumerate(cells.get(number, "").splitlines(), 1):
            share = difflib.SequenceMatcher(None, _bare(text), wanted).ratio()
            if share > best[0]:
                best = (share, {"cell": int(number), "line": place, "source": text.strip()})
    return best[1]


def made_by(cells: Mapping[str, str], column: str) -> dict[str, Any]:
    """Return cell, line and source of the notebook's last statement that assigns a column, or nothing."""
    found: dict[str, Any] = {}
    for number in sorted(cells, key=int):
        try:
            tree = ast.parse(cells[number])
        except SyntaxError:
            continue
        statements = (node for node in ast.walk(tree) if isinstance(node, ast.Assign))
        for node in sorted(statements, key=lambda node: node.lineno):
            if any(_names(target, column) for target in node.targets):
                source = cells[number].splitlines()[node.lineno - 1].strip()
                found = {"cell": int(number), "line": node.lineno, "source": source}
    return found


def _names(target: ast.expr, column: str) -> bool:
    """Whether a target is ``table['column']`` or ``table.loc[..., 'column']``."""
    if not isinstance(target, ast.Subscript):
        return False
    places = target.slice.elts if isinstance(target.slice, ast.Tuple) else [target.slice]
    return any(isinstance(place, ast.Constant) and place.value == column for place in places)


def _bare(line: str) -> str:
    """Return a line without what a formatter changes."""
    return "".join(line.split()).replace('"', "'").replace(",)", ")")


__all__ = ["made_by", "most_alike", "statement_at"]
