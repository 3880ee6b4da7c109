"""Run an interpreter under limits and leave nothing behind: no process, no file.

A child gets a session of its own and a private pipe for messages. Every process that descends from it
carries a token in its environment, so that one which left the session is still found. A guard process
does the same when nbprod itself is killed.
"""

from __future__ import annotations

import json
import os
import secrets
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TOKEN = "NBPROD_TOKEN"  # marks the processes of one child
RUN = "NBPROD_RUN"  # marks the processes of one verification
MOST_PROCESSES = 512
CHANNEL = "NBPROD_CHANNEL"
PROBE = Path(__file__).parent
_POLL = 0.05  # seconds to wait for a message
_LOOK = 0.1  # seconds between two looks at time and memory, which cost 3 ms each
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from {module} import main; main(*sys.argv[2:])"
)

Message = dict[str, Any]


@dataclass(frozen=True)
class Limits:
    """``seconds`` of wall time and ``memory`` in bytes for a child and all its descendants."""

    seconds: float
    memory: int


@dataclass(frozen=True)
class Ended:
    """How a child ended: ``problem`` is empty, or one line that says why it did not finish."""

    problem: str
    messages: tuple[Message, ...] = field(default=())

    def last(self, kind: str) -> Message | None:
        """Return the last message of a kind."""
        return next((m for m in reversed(self.messages) if m["kind"] == kind), None)


class Child:
    """One interpreter that runs a module of the probe."""

    def __init__(
        self, python: str, module: str, request: Path, environment: Mapping[str, str], run: str
    ) -> None:
        reader, writer = os.pipe()
        command = [python, "-c", _START.format(module=f"probe.{module}"), str(PROBE), str(request)]
        token = new_token()
        env = {**environment, TOKEN: token, RUN: run, CHANNEL: str(writer)}
        try:
            self.process = subprocess.Popen(
                command,
                env=env,
                cwd=request.parent,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(writer,),
                start_new_session=True,
            )
        finally:
            os.close(writer)
        self._reader = reader
        self._rest = b""
        self._token = token

    def run(self, limits: Limits, on_message: Callable[[Message], None]) -> Ended:
        """Wait for the end, passing messages on; the child is gone afterwards, whatever happens."""
        messages: list[Message] = []
        deadline = time.monotonic() + limits.seconds
        look = 0.0
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(self._reader, selectors.EVENT_READ)
                while True:
                    if selector.select(_POLL):
                        chunk = os.read(self._reader, 1 << 20)
                        for message in self._parse(chunk):
                            messages.append(message)
                            on_message(message)
                        if not chunk or (messages and messages[-1]["kind"] == "done"):
                            break
                    elif self.process.poll() is not None:
                        break
                    if time.monotonic() >= look:
                        look = time.monotonic() + _LOOK
                        problem = self._exceeded(limits, deadline)
                        if problem:
                            return Ended(problem, tuple(messages))
            return Ended(self._how(messages), tuple(messages))
        finally:
            self.stop()

    def stop(self) -> None:
        """Kill the child and everything it started."""
        if self._reader < 0:
            return
        end_family(self.process.pid)
        end_group(self.process.pid)
        end_marked(TOKEN, self._token)
        self.process.wait()
        os.close(self._reader)
        self._reader = -1

    def _parse(self, chunk: bytes) -> Iterator[Message]:
        lines = (self._rest + chunk).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            try:
                yield json.loads(line)
            except ValueError:  # the notebook wrote into the pipe
                continue

    def _exceeded(self, limits: Limits, deadline: float) -> str:
        if time.monotonic() > deadline:
            return f"took longer than {limits.seconds:g} s; raise --timeout"
        processes, memory = usage(self.process.pid)
        if processes > MOST_PROCESSES:
            return f"started more than {MOST_PROCESSES} processes"
        if memory > limits.memory:
            return f"needs more than {limits.memory / 2**20:.0f} MiB; raise --max-memory"
        return ""

    def _how(self, messages: Sequence[Message]) -> str:
        if messages and messages[-1]["kind"] == "done":
            return ""
        try:
            code = self.process.wait(5)
        except subprocess.TimeoutExpired:
            return "closed its pipe and went on"
        if code < 0:
            return f"was ended by signal {signal.Signals(-code).name}"
        return f"ended early with exit code {code}"


def new_token() -> str:
    """Return a mark that no other process has."""
    return secrets.token_hex(16)


def end_group(pid: int) -> None:
    """Kill the process group that a child leads."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def end_marked(variable: str, value: str) -> None:
    """Kill the processes with ``variable=value`` in their environment; only where /proc tells."""
    mark = f"{variable}={value}".encode()
    for _ in range(5):
        found = [pid for pid in _processes() if mark in _read(f"/proc/{pid}/environ").split(b"\0")]
        if not found:
            return
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


def end_family(root: int) -> None:
    """Kill the descendants of a process, also those in other sessions; only where /proc tells."""
    for _ in range(5):
        found = set(_family(root)) - {root}
        if not found:
            return
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)


def usage(root: int) -> tuple[int, int]:
    """Return number and resident bytes of a process, its group and its descendants, as far as /proc tells."""
    sizes = _family(root)
    return len(sizes), sum(sizes.values())


def _family(root: int) -> dict[int, int]:
    """Return the resident bytes of a process, of its group and of all descendants that are not dead."""
    page = os.sysconf("SC_PAGE_SIZE")
    sizes: dict[int, int] = {}
    children: dict[int, list[int]] = {}
    wanted = []
    for pid in _processes():
        stat = _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
        if len(stat) < 22 or stat[0] in (b"Z", b"X"):
            continue
        sizes[pid] = int(stat[21]) * page
        children.setdefault(int(stat[1]), []).append(pid)
        if root in (pid, int(stat[2])):
            wanted.append(pid)
    found: dict[int, int] = {}
    while wanted:
        pid = wanted.pop()
        if pid not in found:
            found[pid] = sizes[pid]
            wanted += children.get(pid, [])
    return found


class Guard:
    """A process that cleans up when this one is killed: it ends what carries ``run`` and removes ``root``."""

    def __init__(self, run: str, root: Path) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-I",
                "-S",
                "-c",
                _START.format(module="guard"),
                str(PROBE),
                run,
                str(root),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def release(self) -> None:
        """Let the guard go, once everything is cleaned up."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def default_memory() -> int:
    """Return three quarters of the machine's memory, in bytes."""
    return int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 0.75)


def _processes() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208  often
    except OSError:
        return []


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:  # noqa: PTH123  often
            return stream.read()
    except OSError:
        return b""
