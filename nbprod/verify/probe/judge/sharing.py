"""Rows that two processes score alone together: each takes the next part that nobody has taken.

The process that judges offers the rows; the one that has reloaded the trained version and is done with its own
checks takes parts from the other end. Who creates the file of a part has taken it, so nothing is locked, and
a part whose answer never comes is done by the one that offered it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

PART = 25  # rows
MOST_VALUES = 1_000_000  # raw values that are written for the other process
WAIT = 20.0  # seconds for the answer to a part
LONGEST = 120.0  # seconds for an offer
OFFER, CLOSED = "rows.json", "closed"


class Parts:
    """The parts of an offer, in a folder that both processes know."""

    def __init__(self, folder: str, count: int) -> None:
        self._folder = Path(folder)
        self._count = count

    def taken(self, *, backwards: bool = False) -> Iterator[int]:
        """Take one part after the other until none is free or the offer is closed; yields their numbers."""
        numbers = range(self._count)
        for number in reversed(numbers) if backwards else numbers:
            if (self._folder / CLOSED).exists():
                return
            if self._take(number):
                yield number

    def answer(self, number: int, failing: list[int]) -> None:
        """Tell which rows of a part differ, by their place within all rows offered."""
        write(self._folder / f"answer-{number}.json", failing)

    def answers(self, own: set[int]) -> Iterator[tuple[int, list[int] | None]]:
        """Close the offer; yield what the other process answered to its parts, None where it gave none."""
        close(str(self._folder))
        for number in range(self._count):
            if number not in own and (self._folder / f"part-{number}").exists():
                yield number, self._wait(number)

    def _take(self, number: int) -> bool:
        try:
            os.close(os.open(self._folder / f"part-{number}", os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        return True

    def _wait(self, number: int) -> list[int] | None:
        path = self._folder / f"answer-{number}.json"
        end = time.monotonic() + WAIT
        while not path.exists():
            if time.monotonic() > end:
                return None
            time.sleep(0.01)
        found: list[int] = json.loads(path.read_text("utf-8"))
        return found


def part(places: Any, number: int) -> Any:
    """Return the rows of a part."""
    return places[number * PART : (number + 1) * PART]


def close(folder: str) -> None:
    """Say that nothing is offered any more."""
    (Path(folder) / CLOSED).touch()


def offer(folder: str, places: list[int], rows: list[dict[str, Any]], features: Any) -> Parts:
    """Offer rows: their places in the notebook's X, as a client sends them, and where that X is stored."""
    document = {"places": places, "rows": rows, "features": features}
    write(Path(folder) / OFFER, document)
    return Parts(folder, -(-len(places) // PART))


def help_with(
    folder: str,
    differs: Callable[[dict[str, Any], list[int]], list[int]],
    going_on: Callable[[], bool],
) -> None:
    """Do parts of an offer, as long as ``going_on`` says so.

    An offer that has not been made yet is waited for, until it is closed. ``differs`` tells which of
    the given rows of the offer do not hold.
    """
    path, end = Path(folder) / OFFER, time.monotonic() + LONGEST
    while not path.exists():
        if (Path(folder) / CLOSED).exists() or time.monotonic() > end:
            return
        time.sleep(0.01)
    document = json.loads(path.read_text("utf-8"))
    count = len(document["places"])
    parts = Parts(folder, -(-count // PART))
    for number in parts.taken(backwards=True):
        rows = list(range(number * PART, min(count, (number + 1) * PART)))
        parts.answer(number, differs(document, rows))
        if not going_on():
            return


def wait_for(path: str) -> dict[str, Any]:
    """Return the document in a file that another process writes at some time."""
    while not os.path.exists(path):  # noqa: PTH110  often
        time.sleep(0.01)
    found: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
    return found


def write(path: Path, document: Any) -> None:
    """Write a file that others see whole or not at all."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps(document), "utf-8")
    temporary.replace(path)
