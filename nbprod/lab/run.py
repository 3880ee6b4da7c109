"""One run of nbprod in a process of its own: progress, outcome, cancelling."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nbprod.lab.command import Action, arguments, environment

State = Literal["running", "done", "failed", "cancelled"]
_GRACE = 5.0  # seconds between asking a process to stop and killing it
_LINE = 1 << 20  # bytes of one line on stderr


@dataclass
class Run:
    """A process and what it has said so far.

    ``revision`` grows with every change, so that a browser can ask for what is new.
    """

    action: Action
    notebook: Path
    path: str
    python: str = ""
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    state: State = "running"
    progress: str = ""
    output: str = ""
    error: str = ""
    revision: int = 0
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition, repr=False)
    _process: asyncio.subprocess.Process | None = field(default=None, repr=False)
    _cancelled: bool = field(default=False, repr=False)

    async def follow(self) -> None:
        """Start the process and stay until it has ended."""
        try:
            await self._run()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            await self._change(state="failed", error=f"nbprod cannot be started ({reason})")
        except ValueError:  # a line on stderr that has no end
            await self._stop()
            await self._change(state="failed", error=f"nbprod {self.action} did not speak in lines")

    async def changed(self, revision: int, seconds: float) -> None:
        """Wait until there is something newer than ``revision``, but no longer than ``seconds``."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: self.revision > revision)

    async def cancel(self) -> None:
        """Stop the process and wait for its end; an interrupted conversion leaves the project as it was."""
        self._cancelled = True
        await self._stop()
        async with self._changed:
            await self._changed.wait_for(lambda: self.state != "running")

    async def _run(self) -> None:
        process = await asyncio.create_subprocess_exec(
            *arguments(self.action, self.notebook, python=self.python),
            cwd=self.notebook.parent,
            env=environment(os.environ),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=_LINE,
            start_new_session=True,
            preexec_fn=_interruptible if os.name == "posix" else None,
        )
        self._process = process
        if self._cancelled:
            await self._stop()
        assert process.stdout is not None
        output, talk = await asyncio.gather(process.stdout.read(), self._listen(process))
        await self._end(await process.wait(), output.decode("utf-8", "replace"), talk)

    async def _listen(self, process: asyncio.subprocess.Process) -> str:
        """Report each line on stderr as progress; return the last one that is no progress."""
        said = ""
        assert process.stderr is not None
        async for raw in process.stderr:
            line = raw.decode("utf-8", "replace").strip()
            if line.startswith("…"):
                await self._change(progress=line.removeprefix("…").strip())
            elif line:
                said = line
        return said

    async def _end(self, code: int, output: str, talk: str) -> None:
        # check exits with 2 for an unreadable notebook and still prints its document.
        if code in (0, 1, 2) and output.strip():
            await self._change(state="done", output=output)
        elif self._cancelled:
            await self._change(state="cancelled", error="cancelled; nothing was changed")
        else:
            error = talk.removeprefix("error: ") or f"nbprod ended with exit code {code}"
            await self._change(state="failed", error=error)

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        for number in (signal.SIGINT, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), _GRACE)
                return

    async def _change(self, **values: Any) -> None:
        async with self._changed:
            for name, value in values.items():
                setattr(self, name, value)
            self.revision += 1
            self._changed.notify_all()


def _interruptible() -> None:
    """A process heeds SIGINT from its first moment, also below a server that ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


__all__ = ["Run", "State"]
