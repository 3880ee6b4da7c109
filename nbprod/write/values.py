"""The values of the writing stage: what a conversion does to each file of a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Status = Literal[
    "added",  # new in this conversion
    "updated",  # generated text changed, nobody had edited it
    "merged",  # edited by hand and changed by the conversion, in different places
    "conflict",  # both changed the same lines; markers are in the file, or the file is a person's own
    "kept",  # edited by hand, the conversion has nothing new for it
    "respected",  # deleted by hand; it stays deleted
    "removed",  # no longer generated, nobody had edited it
    "released",  # no longer generated, but edited by hand: it is the person's file now
    "unchanged",
]


@dataclass(frozen=True)
class Change:
    """What happens to one file; ``detail`` is for people."""

    path: str
    status: Status
    detail: str = ""


@dataclass(frozen=True)
class Update:
    """The difference between a project on disk and the project after a conversion.

    ``files`` maps a path inside the project to its new text, for changed files only.
    """

    changes: tuple[Change, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    deleted: tuple[str, ...] = ()

    @property
    def conflicts(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.status == "conflict")

    @property
    def is_empty(self) -> bool:
        """Whether the project on disk stays as it is."""
        return not self.files and not self.deleted


@dataclass(frozen=True)
class Written:
    """Where a project was written and what changed in it."""

    target: Path
    update: Update
    created: bool


__all__ = ["Change", "Status", "Update", "Written"]
