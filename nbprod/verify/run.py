"""How to run interpreters for one verification."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nbprod.verify.supervise import Child, Limits


@dataclass(frozen=True)
class Run:
    """Interpreter, limits, where to tell about progress, and the mark of every process.

    ``all_rows`` asks for every row to be scored alone, however long that takes.
    """

    python: str
    limits: Limits
    progress: Callable[[str], None]
    token: str
    all_rows: bool = False

    def child(self, module: str, request: Path, environment: dict[str, str]) -> Child:
        """Start a module of the probe."""
        return Child(self.python, module, request, environment, self.token)
