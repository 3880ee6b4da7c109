"""Rounds of kill -9: a forked child works on the registry until it is killed, then we look.

Run as ``python rounds.py JOB ROUNDS``, with the package ``shop`` importable; prints one line a round.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from shop.bundle import Bundle
from shop.registry import FileRegistry, open_registry

SIZE = 200_000


def write_model(folder: Path) -> None:
    """A version of two files that must be seen together."""
    (folder / "weights").write_bytes(b"w" * SIZE)
    (folder / "complete").write_text("yes")


def publish_and_promote() -> None:
    """Publish and promote without end."""
    registry = open_registry()
    while True:
        registry.promote(registry.publish(write_model))
        registry.prune(5)


def promote_and_roll_back() -> None:
    """Move the pointer without end."""
    registry = open_registry()
    while True:
        for version in registry.versions():
            registry.promote(version.name)
        registry.rollback()


def retrain_forever() -> None:
    """Retrain without end."""
    from shop.policy import RetrainPolicy
    from shop.retrain import retrain

    while True:
        retrain(force=True, policy=RetrainPolicy(keep_versions=3))


def check_files(registry: FileRegistry, name: str) -> None:
    """Raise when a version is not whole."""
    folder = registry.path(name)
    assert (folder / "weights").stat().st_size == SIZE, name
    assert (folder / "complete").read_text() == "yes", name


def check_bundle(registry: FileRegistry, name: str) -> None:
    """Raise when a version's hashes do not hold."""
    Bundle.open(registry.path(name))


JOBS: dict[str, tuple[Callable[[], None], Callable[[FileRegistry, str], None], float]] = {
    "publish": (publish_and_promote, check_files, 0.05),
    "promote": (promote_and_roll_back, check_files, 0.05),
    "retrain": (retrain_forever, check_bundle, 0.5),
}


def main(job: str, rounds: int) -> None:
    """Kill the job ``rounds`` times at random moments and check the registry after each."""
    work, check, longest = JOBS[job]
    registry = open_registry()
    assert isinstance(registry, FileRegistry)
    if job == "promote":
        for _ in range(3):
            registry.publish(write_model)
    if job == "retrain":
        import shop.retrain  # forked children inherit the imports

        registry.champion() or shop.retrain.retrain(force=True)
    chance = random.Random(7)
    for number in range(rounds):
        child = os.fork()
        if child == 0:
            try:
                work()
            finally:
                os._exit(3)
        time.sleep(chance.uniform(0.001, longest))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), f"round {number}: the job ended by itself"
        champion = registry.champion()
        if champion is not None:
            check(registry, champion)
        for version in registry.versions():
            check(registry, version.name)
        print(number, champion, len(registry.versions()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
