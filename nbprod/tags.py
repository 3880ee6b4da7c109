"""From the roles of statements to a tag for each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nbprod.modules.values import Statement
from nbprod.notebook.roles import Role, declared
from nbprod.notebook.values import Notebook

# What a statement does -> what its cell would be called. Imports and displays fit into any cell.
_CELL_ROLES: dict[str, Role] = {
    "load": "load",
    "serve": "preprocessing",
    "learn": "preprocessing",
    "target": "preprocessing",
    "fit": "preprocessing",
    "model": "training",
    "evaluate": "evaluate",
}


@dataclass(frozen=True)
class CellRole:
    """The role of one cell. ``role`` is None when the cell needs no tag or has statements of several roles."""

    cell: int
    role: Role | None
    reason: str
    said: bool  # by a person, in the notebook


def cell_roles(notebook: Notebook, statements: Sequence[Statement]) -> tuple[CellRole, ...]:
    """Return the role of every code cell that has statements, said or inferred.

    A tag wins over the inference, so a cell that loads *and* trains gets none: a tag would be wrong for
    half of it.
    """
    found: list[CellRole] = []
    for cell in notebook.code_cells:
        said = declared(cell)
        inside = [statement for statement in statements if statement.cell == cell.number]
        if said is not None:
            found.append(CellRole(cell.number, said.role, said.reason, said=True))
        elif inside:
            found.append(_inferred(cell.number, inside))
    return tuple(found)


def _inferred(cell: int, statements: Sequence[Statement]) -> CellRole:
    roles = {_CELL_ROLES[s.role]: s for s in statements if s.role in _CELL_ROLES}
    if len(roles) == 1:
        ((role, statement),) = roles.items()
        return CellRole(cell, role, statement.reason, said=False)
    if not roles:
        return CellRole(cell, None, "nothing in it is part of the package", said=False)
    return CellRole(
        cell, None, f"mixed: {', '.join(sorted(roles))}; left to the inference", said=False
    )


__all__ = ["CellRole", "cell_roles"]
