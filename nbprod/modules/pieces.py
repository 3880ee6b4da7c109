"""A run of statements that becomes one function of the generated package."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbprod.modules.variable_types import Kind


@dataclass
class Piece:
    """Statements with the heading ``title`` above them; the flow fills in the rest."""

    title: str
    text: str
    cells: list[int]
    body: list[ast.stmt]
    name: str = ""
    said: str = ""  # what the statements do, in words
    helper: bool = False  # written out from a function of the notebook, which is the title
    rest: bool = False  # another function has the heading already
    small: bool = False  # joined from small parts
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    uses_state: bool = False
    uses_fitting: bool = False
    empty_first: list[str] = field(default_factory=list)
    taken: dict[str, Kind] = field(default_factory=dict)  # types of the inputs, where known
    given: dict[str, Kind] = field(default_factory=dict)  # types of the outputs
    optional: set[str] = field(default_factory=set)  # inputs that are None when serving
