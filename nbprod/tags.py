"""From the roles of statements to a tag for each cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbprod.findings import Finding, Origin
from nbprod.modules.values import Modules, Statement
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
        imports = bool(statements) and all(s.role == "import" for s in statements)
        reason = "imports go where a module needs them"
        reason = reason if imports else "nothing in it is part of the package"
        return CellRole(cell, None, reason, said=False)
    return CellRole(
        cell, None, f"mixed: {', '.join(sorted(roles))}; left to the inference", said=False
    )


def tagged_model(notebook: Notebook, modules: Modules) -> str | None:
    """Return the model that tags ask for, None when they agree with the model that was chosen.

    A model fitted in a ``training`` cell goes before others, one fitted in an ``evaluate`` cell after them.
    """
    said = {cell.number: role.role for cell in notebook.code_cells if (role := declared(cell))}
    candidates = [c for c in modules.sink.get("candidates", []) if c.get("model")]
    training = [c for c in candidates if said.get(c["cell"]) == "training"]
    serious = training or [c for c in candidates if said.get(c["cell"]) != "evaluate"]
    chosen = {modules.sink.get("cell"), modules.sink.get("top_cell")}
    if not serious or any(c["cell"] in chosen for c in serious):
        return None
    return str(serious[-1]["model"])


def contradictions(notebook: Notebook, statements: Sequence[Statement]) -> Iterator[Finding]:
    """Yield a finding for each tag that the statements of its cell speak against."""
    for cell in notebook.code_cells:
        said = declared(cell)
        if said is None:
            continue
        inside = [s for s in statements if s.cell == cell.number]
        if not inside:
            continue
        served = next((s for s in inside if s.role in _ON_THE_PATH), None)
        if said.role == "evaluate" and served is not None:
            message = f"the cell is called {said.role} ({said.reason}), but the model depends on this line"
            yield _contradiction(message, Origin(cell.number, served.line))
        roles, what = _PROMISES.get(said.role, (frozenset(), ""))
        if roles and not any(s.role in roles for s in inside):
            message = f"the cell is called {said.role} ({said.reason}), but nothing in it {what}"
            yield _contradiction(message, Origin(cell.number, said.line))


# What a cell of that name does at least once.
_PROMISES: dict[str, tuple[frozenset[str], str]] = {
    "load": (frozenset({"load"}), "reads data that is served"),
    "preprocessing": (frozenset({"serve", "learn", "fit", "target", "load", "model"}), "is on the path to the model"),
    "training": (frozenset({"model"}), "fits the model that is served"),
}  # fmt: skip
_ON_THE_PATH = frozenset({"serve", "learn", "load", "target", "model"})


def _contradiction(message: str, origin: Origin) -> Finding:
    advice = "correct the tag; `nbprod tag` shows the role of every statement"
    return Finding("W-ROLE-CONTRADICTION", message, origin, advice=advice)


__all__ = ["CellRole", "cell_roles", "contradictions", "tagged_model"]
