"""What of the notebook is not in the package, by role, with cells and lines."""

from __future__ import annotations

from collections.abc import Iterable

from nbprod.modules.values import Statement

MEANING = {
    "display": "shows tables, figures or texts",
    "evaluate": "scores the model; `evaluate.py` does that for every version",
    "unused": "nothing that is served or trained needs it",
}


def left_out(statements: Iterable[Statement]) -> list[dict[str, str]]:
    """Return one row a role: what its statements do, and where they stand in the notebook."""
    lines: dict[str, dict[int, list[int]]] = {}
    for statement in statements:
        if statement.role in MEANING:
            cells = lines.setdefault(statement.role, {})
            cells.setdefault(statement.cell, []).append(statement.line)
    return [
        {"what": MEANING[role], "where": ", ".join(_place(c, found) for c, found in cells.items())}
        for role, cells in ((role, lines[role]) for role in MEANING if role in lines)
    ]


def _place(cell: int, lines: list[int]) -> str:
    return f"{cell}:{'+'.join(str(line) for line in dict.fromkeys(lines))}"


__all__ = ["left_out"]
