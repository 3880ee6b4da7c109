"""The notebook's line behind an exception of the package."""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .origins import most_alike, statement_at

FILES = ("features.py", "transformers.py", "model.py")  # what holds code of the notebook


def place_of(problem: BaseException, folder: Path, plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return cell, line and source of the statement that raised, or nothing.

    ``folder`` is that of the package; the innermost of its frames counts.
    """
    for frame in reversed(traceback.extract_tb(problem.__traceback__)):
        path = Path(frame.filename)
        if path.parent == folder and path.name in FILES and frame.lineno:
            cells = plan.get("cells", {})
            line = statement_at(frame.filename, frame.lineno)
            found = most_alike(cells, cells_of(plan, frame.name) or list(cells), line)
            return found if "cell" in found else learned_at(plan, line)
    return {}


def cells_of(plan: Mapping[str, Any], function: str) -> list[str]:
    """Return the numbers of the cells that a function of ``features.py`` comes from."""
    return [
        cell.rpartition(" ")[2]
        for cell, place in plan.get("cell_map", {}).items()
        if place.rpartition(":")[2] == function
    ]


def learned_at(plan: Mapping[str, Any], line: str) -> dict[str, Any]:
    """Return where the learned value is learned that a line of the package reads, or nothing."""
    fields = re.findall(r"\bstate\.(\w+)", line)
    for site in plan.get("sites", []):
        if site.get("field") in fields:
            return {"cell": site["cell"], "line": site["line"], "source": site["expression"]}
    return {}


def sink_of(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return cell, line and source of the fit, which is where a model that answers otherwise is made."""
    sink = plan.get("sink", {})
    if not sink.get("cell"):
        return {}
    return {"cell": sink["cell"], "line": sink.get("line", 1), "source": sink.get("source", "")}


__all__ = ["cells_of", "learned_at", "place_of", "sink_of"]
