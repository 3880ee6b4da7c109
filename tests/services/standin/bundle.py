"""Stand-in: a bundle whose model answers one constant, the number of its version."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .schema import RawSchema


class BundleError(RuntimeError):
    """A bundle that was tampered with."""


@dataclass(frozen=True)
class Bundle:
    """An opened version."""

    model: dict[str, Any]
    schema: RawSchema
    golden: list[dict[str, Any]]

    @classmethod
    def open(cls, folder: Path) -> Bundle:
        model = json.loads((folder / "model.json").read_text())
        if model.get("broken"):
            raise BundleError("a hash differs")
        return cls(model, RawSchema(), model["golden"])


def write_bundle(folder: Path, value: int, **changes: Any) -> None:
    """Write a version that answers ``value``."""
    row = {"amount": 1.0, "count": 1, "city": "Oslo"}
    model = {"value": value, "golden": [{"record": row, "prediction": value}], **changes}
    (folder / "model.json").write_text(json.dumps(model))
