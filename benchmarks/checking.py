"""Time ``nbprod check`` as a whole process: one notebook, each further one, and ``nbprod --version``.

The fixtures are copied under many names. The figure for a further notebook is the difference between checking
many and checking one, divided by their number, once on one core and once on all.
``python -m benchmarks.checking [rounds]``
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FIXTURES = Path(__file__).parents[1] / "fixtures"
COPIES = 8


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many = copies(folder)
        print(f"nbprod --version       {1000 * typical(folder, ['--version'], rounds):.0f} ms")
        one = typical(folder, ["check", "-q", many[0]], rounds)
        print(f"check one notebook     {1000 * one:.0f} ms")
        cores = sorted(os.sched_getaffinity(0))
        for used in (cores[:1], cores):
            seconds = typical(folder, ["check", "-q", *many], rounds, set(used))
            each = 1000 * (seconds - one) / (len(many) - 1)
            print(
                f"check {len(many)} notebooks on {len(used)} core(s)  {1000 * seconds:.0f} ms"
                f"   {each:.1f} ms for each further one"
            )


def copies(folder: Path) -> list[str]:
    """Copy each fixture's notebook several times, without data; return the file names."""
    names: list[str] = []
    for number in range(COPIES):
        for notebook in sorted(FIXTURES.glob("*/notebook.ipynb")):
            names.append(f"{notebook.parent.name}-{number}.ipynb")
            shutil.copy(notebook, folder / names[-1])
    return names


def typical(
    folder: Path, arguments: list[str], rounds: int, cores: set[int] | None = None
) -> float:
    """Return the median seconds of a command as a whole process."""
    return statistics.median(seconds(folder, arguments, cores) for _ in range(rounds))


def seconds(folder: Path, arguments: list[str], cores: set[int] | None) -> float:
    allowed = os.sched_getaffinity(0)
    if cores:
        os.sched_setaffinity(0, cores)
    try:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "nbprod", *arguments], cwd=folder, check=True)
        return time.perf_counter() - start
    finally:
        os.sched_setaffinity(0, allowed)


if __name__ == "__main__":
    main()
