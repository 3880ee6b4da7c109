"""What nbprod knows about libraries: small TOML files, read once, no code per call."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """Return one knowledge file (``pandas``, ``estimators``, ...) as nested dicts."""
    return tomllib.loads(Path(__file__).parent.joinpath(f"{name}.toml").read_text("utf-8"))


@cache
def effects(kind: str) -> dict[str, str]:
    """Map each known method or function name of a receiver kind to its effect on the row axis.

    ``kind`` is ``frame``, ``series``, ``array``, ``groupby`` or ``functions``.
    """
    section = table("pandas").get(kind, {})
    return {
        name: effect
        for effect, names in section.items()
        if effect != "axis1_elementwise"
        for name in names
    }


@cache
def estimators(group: str) -> frozenset[str]:
    """Return the class names of one group of ``estimators.toml``."""
    return frozenset(table("estimators")[group])


__all__ = ["effects", "estimators", "table"]
