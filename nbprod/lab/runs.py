"""The runs of one server: which are going on, and the last ones that have ended."""

from __future__ import annotations

import asyncio
from pathlib import Path

from nbprod.lab.command import WRITERS, Action
from nbprod.lab.run import Run

_REMEMBERED = 50


class Busy(Exception):
    """The notebook is being worked on; the text says by what."""


class Runs:
    """Starts runs and finds them again."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, action: Action, notebook: Path, path: str, *, python: str = "") -> Run:
        """Start a run.

        Raises:
            Busy: a conversion or verification of the same notebook is going on and this is another.
        """
        for other in self.running():
            if other.notebook == notebook and {action, other.action} <= WRITERS:
                raise Busy(f"{notebook.name}: {other.action} is going on; wait for it or cancel it")
        run = Run(action, notebook, path, python)
        self._runs[run.id] = run
        self._tasks[run.id] = asyncio.create_task(run.follow())
        self._tasks[run.id].add_done_callback(lambda task: self._tasks.pop(run.id, None))
        self._forget()
        return run

    def find(self, identity: str) -> Run | None:
        """Return a run that is going on or ended not long ago."""
        return self._runs.get(identity)

    def running(self) -> list[Run]:
        """Return the runs that are going on."""
        return [run for run in self._runs.values() if run.state == "running"]

    async def stop(self) -> None:
        """Cancel everything, when the server shuts down."""
        await asyncio.gather(*(run.cancel() for run in self._runs.values()))
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _forget(self) -> None:
        ended = [identity for identity, run in self._runs.items() if run.state != "running"]
        for identity in ended[: max(0, len(ended) - _REMEMBERED)]:
            del self._runs[identity]


__all__ = ["Busy", "Runs"]
