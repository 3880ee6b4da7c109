"""What is told of a learned value: the field of the state that holds it, and the place that learns it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nbprod.findings import Origin

Codec = Literal["json", "array", "index", "series", "frame", "estimator", "dtype", "any"]


@dataclass(frozen=True)
class StateField:
    """One learned value of ``PreprocessState``.

    ``codec`` says how it is stored; ``any`` is decided by the type of the value when it is saved. ``keyed`` values are dicts keyed by the loop variables of the
    place that learns them, each entry stored by the same codec. ``annotation`` is the Python type.
    """

    name: str
    annotation: str
    codec: Codec
    keyed: bool
    comment: str
    origin: Origin | None = None


@dataclass(frozen=True)
class LearnSite:
    """A place where a value is learned from the training rows."""

    id: str
    cell: int
    line: int
    expression: str
    kind: str
    field: str
    fitted_on: str  # all rows | train split | train+test
    uses_target: bool = False
