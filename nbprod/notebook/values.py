"""The values of the reading stage: a notebook as cells of plain Python with known origins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from nbprod.findings import Finding

CellKind = Literal["code", "markdown", "raw"]


@dataclass(frozen=True)
class Cell:
    """One cell.

    ``number`` is its 1-based place among all cells, negative for a file that the notebook brings in. ``source`` is the text as stored, ``code`` the
    same text with magics and shell lines masked by comments or ``pass``: line for line, so that a
    line number in ``code`` is a line number in ``source``. ``code`` is empty for other kinds.
    """

    number: int
    kind: CellKind
    source: str
    code: str = ""
    id: str = ""
    tags: tuple[str, ...] = ()
    execution_count: int | None = None


@dataclass(frozen=True)
class Notebook:
    """A notebook, read and masked, never executed and never modified."""

    path: str
    name: str
    cells: tuple[Cell, ...]
    language: str = "python"
    kernel: str = ""
    requirements: tuple[str, ...] = ()  # from !pip / %pip install lines
    content_hash: str = ""  # sha256 of cell kinds, sources and tags; outputs and counts ignored
    findings: tuple[Finding, ...] = field(default=())
    pandas: str = ""  # the version in the notebook's environment; empty: the one that runs nbprod
    options: Mapping[str, Any] = field(default_factory=dict)  # metadata.nbprod, unchecked
    then: tuple[str, ...] = ()  # paths of the notebooks that go on where this one ends

    def cell(self, number: int) -> Cell:
        """Return the cell of a number."""
        return next(cell for cell in self.cells if cell.number == number)

    @property
    def code_cells(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.kind == "code")
