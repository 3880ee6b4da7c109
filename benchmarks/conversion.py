"""Time ``nbprod convert`` against ``jupyter nbconvert --to script``, and its growth with the notebook.

Both commands run as whole processes, in turn, on the same notebook; the ratio of each pair counts, so that
other load on the machine does not decide. Seconds are those of the clock and, behind them, of the processor, which
other load changes less. ``python -m benchmarks.conversion [pairs]``
"""

from __future__ import annotations

import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

FIXTURE = Path(__file__).parents[1] / "fixtures" / "titanic-messy"
SIZES = (40, 125, 250, 500)
LINES = 10  # lines a cell; all of them make or show a feature of the model


class Taken(NamedTuple):
    """What a command took, in seconds."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:.2f} s ({self.processor:.2f} s of processor time)"


def main() -> None:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "work")
        shutil.copytree(FIXTURE, folder)
        enlarge(folder, 40)
        ratios = [pair(folder, "notebook40") for _ in range(pairs)]
        ours, theirs = (middle(times) for times in zip(*ratios, strict=True))
        ratio = statistics.median(theirs.clock / ours.clock for ours, theirs in ratios)
        print(
            f"40 cells   nbprod convert {ours}   nbconvert --to script {theirs}   {ratio:.1f} times faster"
        )
        for size in SIZES[1:]:
            enlarge(folder, size)
            taken = convert(folder, f"notebook{size}")
            print(
                f"{size} cells, {size * LINES} lines   {taken}   {1000 * taken.processor / size:.1f} ms of it a cell"
            )


def middle(times: Iterable[Taken]) -> Taken:
    return Taken(*(statistics.median(each) for each in zip(*times, strict=True)))


def pair(folder: Path, stem: str) -> tuple[Taken, Taken]:
    """Return the seconds of nbprod and of nbconvert, one after the other."""
    ours = convert(folder, stem)
    theirs = timed(folder, "nbconvert", "--to", "script", "--log-level=ERROR", f"{stem}.ipynb")
    return ours, theirs


def convert(folder: Path, stem: str) -> Taken:
    taken = timed(folder, "nbprod", "convert", "--quiet", f"{stem}.ipynb", "-o", "project")
    shutil.rmtree(folder / "project")
    return taken


def timed(folder: Path, module: str, *arguments: str) -> Taken:
    start, before = time.perf_counter(), processor()
    subprocess.run([sys.executable, "-m", module, *arguments], cwd=folder, check=True)
    return Taken(time.perf_counter() - start, processor() - before)


def processor() -> float:
    """Return the processor seconds of all commands so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def enlarge(folder: Path, size: int) -> None:
    """Write the fixture with as many cells as asked for, each making features behind the reading cell."""
    content = json.loads((folder / "notebook.ipynb").read_text("utf-8"))
    cells = content["cells"]
    reading = next(i for i, cell in enumerate(cells) if "read_csv" in "".join(cell["source"]))
    new = [feature_cell(number) for number in range(size - len(cells))]
    content["cells"] = [*cells[: reading + 1], *new, *cells[reading + 1 :]]
    (folder / f"notebook{size}.ipynb").write_text(json.dumps(content), "utf-8")


def feature_cell(number: int) -> dict[str, Any]:
    lines = [
        f"df['f{number}'] = df['Fare'] * {number}",
        f"df['f{number}'] = df['f{number}'].fillna(df['f{number}'].median())",
        *(f"df['g{number}_{k}'] = np.log1p(df['f{number}'])" for k in range(LINES - 6)),
        f"df['f{number}'].describe()",
        f"df['f{number}'].hist()",
        f"plt.title('f{number}')",
        "plt.show()",
    ]
    return {
        "cell_type": "code",
        "id": f"feature-{number}",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": "\n".join(lines),
    }


if __name__ == "__main__":
    main()
