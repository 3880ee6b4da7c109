"""Run a process under limits of time and memory and leave nothing of it behind."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """``seconds`` of wall time, ``memory`` in bytes of address space of every process."""

    seconds: float
    memory: int


@dataclass(frozen=True)
class Step:
    """How a process ended; ``code`` is None when it was stopped at its limit."""

    code: int | None
    out: str
    err: str

    @property
    def last(self) -> str:
        """The last line it said, or why it said nothing."""
        if self.code is None:
            return "stopped at its time limit"
        lines = (self.err.strip() or self.out.strip()).splitlines()
        return lines[-1].strip()[:300] if lines else f"ended with {self.code} and said nothing"


def run(
    command: Sequence[str], limits: Limits, *, cwd: Path, environment: Mapping[str, str]
) -> Step:
    """Run a command in a session of its own; whatever it started is killed with it."""
    process = subprocess.Popen(
        command, cwd=cwd, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",
        start_new_session=True, preexec_fn=lambda: restrict(limits.memory),
    )  # fmt: skip
    try:
        out, err = process.communicate(timeout=limits.seconds)
        return Step(process.returncode, out, err)
    except subprocess.TimeoutExpired:
        end(process)
        return Step(None, "", "")
    finally:
        end(process)


def restrict(memory: int) -> None:
    """Limit this process and its children."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def end(process: subprocess.Popen[str]) -> None:
    """Kill a process that leads a session, with everything in the session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


__all__ = ["Limits", "Step", "end", "restrict", "run"]
