"""How to run interpreters for one verification."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nbprod.verify.supervise import Child, Limits


@dataclass(frozen=True)
class Run:
    """Interpreter, limits, where to tell about progress, and the mark of every process."""

    python: str
    limits: Limits
    progress: Callable[[str], None]
    token: str

    def child(self, module: str, request: Path, environment: dict[str, str]) -> Child:
        """Start a module of the probe."""
        return Child(self.python, module, request, environment, self.token)
