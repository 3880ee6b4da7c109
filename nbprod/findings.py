"""A finding is a value: what is wrong or worth knowing, where, and how serious it is.

Stages return findings, they never print them; the rim (CLI, hook, server) renders them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Severity(str, Enum):
    """How much a finding weighs: an error refuses, a warning informs, info explains."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, order=True)
class Origin:
    """A place in a notebook.

    ``cell`` counts all cells of the notebook from 1, Markdown included, in document order;
    ``line`` counts the lines of that cell from 1.
    """

    cell: int
    line: int

    def __str__(self) -> str:
        return f"cell {self.cell}:{self.line}"


@dataclass(frozen=True)
class Finding:
    """One diagnostic with a stable code (``E-...`` error, ``W-...`` warning, ``I-...`` info)."""

    code: str
    message: str
    origin: Origin | None = None
    source: str = ""
    advice: str = ""

    @property
    def severity(self) -> Severity:
        return {"E": Severity.ERROR, "W": Severity.WARNING}.get(self.code[:1], Severity.INFO)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form used by ``--json`` and ``verdict.json``."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "cell": self.origin.cell if self.origin else None,
            "line": self.origin.line if self.origin else None,
            "message": self.message,
            "source": self.source,
            "advice": self.advice,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Finding:
        """Read the JSON form back."""
        origin = Origin(data["cell"], data["line"]) if data.get("cell") else None
        return cls(
            data["code"], data["message"], origin, data.get("source", ""), data.get("advice", "")
        )


class NotebookError(Exception):
    """A user-facing failure: one line that says where, what, and what to do next (exit code 2)."""

    def __init__(self, message: str, origin: Origin | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.origin = origin

    def __str__(self) -> str:
        return f"{self.origin}: {self.message}" if self.origin else self.message


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that refuse a conversion."""
    return tuple(f for f in findings if f.severity is Severity.ERROR)


__all__ = ["Finding", "NotebookError", "Origin", "Severity", "errors"]
