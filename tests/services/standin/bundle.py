"""Stand-in: a bundle whose model answers one constant, the number of its version."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .schema import Column, RawSchema

SCHEMA = RawSchema(
    (
        Column("amount", "float64", True, True, minimum=0.0, maximum=100.0, example=9.5),
        Column("count", "int64", False, True, minimum=0, maximum=9, example=2),
        Column("city", "object", False, True, ("Oslo", "Rome"), example="Oslo", text=True),
        Column("note", "object", True, False, text=True),
    )
)
ROW = {"amount": 1.0, "count": 1, "city": "Oslo"}


class BundleError(RuntimeError):
    """A bundle that was tampered with."""


@dataclass(frozen=True)
class Bundle:
    """An opened version."""

    model: dict[str, Any]
    schema: RawSchema
    golden: list[dict[str, Any]]
    state: None = None

    @classmethod
    def open(cls, folder: Path) -> Bundle:
        """Read what ``write_bundle`` wrote."""
        model = json.loads((folder / "model.json").read_text())
        if model.get("broken"):
            raise BundleError("a hash differs")
        return cls(model, SCHEMA, model["golden"])


def write_bundle(folder: Path, value: int, **changes: Any) -> None:
    """Write a version that answers ``value``."""
    rung = changes.pop("rung", "kept")
    (folder / "compiled.json").write_text(json.dumps({"rung": rung, "reason": ""}))
    model = {"value": value, "golden": [{"record": ROW, "prediction": value}], **changes}
    (folder / "model.json").write_text(json.dumps(model))
    noted = {"rows": 1, "independent": changes.get("independent", True)}
    (folder / "independence.json").write_text(json.dumps(noted))
