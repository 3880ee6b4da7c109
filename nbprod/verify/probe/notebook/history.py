"""Keep what each statement of a notebook does to its tables, up to the fit."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from .. import storage
from ..snapshots import Snapshots
from . import calls

FILE = "history.json"
MOST_BYTES = 400 * 2**20


class History:
    """Versions of the columns of the notebook's tables, with cell and line of what made them."""

    def __init__(self, folder: str, sink: dict[str, Any]) -> None:
        self._folder = folder
        self._end = sink.get("top_cell") or sink.get("cell"), sink.get("top_line") or sink.get(
            "line"
        )
        self._snapshots = Snapshots()
        self._versions: list[dict[str, Any]] = []
        self._bytes = 0

    def ends(self, cell: int, node: ast.stmt) -> bool:
        """Say whether this statement fits the model, so that nothing after it matters."""
        inside = ast.Module(body=[node], type_ignores=[])
        first, last = max(calls.spans(inside), key=lambda span: span[1] - span[0])
        return cell == self._end[0] and first <= (self._end[1] or 0) <= last

    def add(self, cell: int, node: ast.stmt, names: dict[str, Any]) -> None:
        """Note what changed in the variables that a statement names."""
        used = sorted({part.id for part in ast.walk(node) if isinstance(part, ast.Name)})
        found = [(name, names[name]) for name in used if name in names]
        for version in self._snapshots.changes(found):
            self._bytes += version.values.rows * 8
            kept = self._bytes <= MOST_BYTES
            place = "version%d" % len(self._versions)  # noqa: UP031
            self._versions.append(
                {
                    "cell": cell,
                    "line": node.lineno,
                    "variable": version.variable,
                    "column": version.column,
                    "digest": version.digest,
                    "values": storage.save(version.values, self._folder, place) if kept else None,
                }
            )

    def write(self) -> None:
        """Write the versions in the order in which they were made."""
        Path(self._folder, FILE).write_text(json.dumps(self._versions), "utf-8")
