"""Peak memory and time of `train` in memory and `train --chunks`, and whether the versions are equal.

    python benchmarks/chunks.py [--rows 200000 800000] [--size 50000]

The project is a converted fixture (`fixtures/titanic-messy`: twelve raw columns, five of them texts, mode,
medians, medians by group, quantile bins, encoders, a filter and a split).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from nbprod.pipeline import convert  # noqa: E402

FIXTURE = ROOT / "fixtures/titanic-messy"
EQUAL = ("state.json", "schema.json", "model.joblib")


def write_rows(path: Path, rows: int, part: int = 80_000) -> None:
    """A CSV file of ``rows`` passengers, without holding them: those of the fixture, again and again."""
    known = pd.read_csv(FIXTURE / "data/passengers.csv")
    for start in range(0, rows, part):
        numbers = np.arange(start, min(rows, start + part))
        frame = known.iloc[numbers % len(known)].reset_index(drop=True)
        texts = pd.Series(numbers).astype(str)
        frame["PassengerId"] = numbers
        frame["Name"] = frame["Name"] + " " + texts
        frame["Ticket"] = frame["Ticket"].astype(str) + "/" + texts
        frame.to_csv(path, index=False, mode="a" if start else "w", header=start == 0)


def train(project: Path, *arguments: str) -> tuple[float, float]:
    """Seconds and peak megabytes of one training."""
    environment = {**os.environ, "PYTHONPATH": str(project / "src"), "OMP_NUM_THREADS": "1"}
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "titanic", "train", *arguments],
        cwd=project,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(process.stderr.read().decode() if process.stderr else "training failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[200_000, 800_000])
    parser.add_argument("--size", type=int, default=50_000)
    options = parser.parse_args()
    print("| rows | file MB | in memory: s, MB | by chunks: s, MB | learned values and model |")
    print("|---:|---:|---:|---:|---|")
    for rows in options.rows:
        with tempfile.TemporaryDirectory() as folder:
            project, data = Path(folder, "titanic"), Path(folder, "rows.csv")
            convert(FIXTURE / "notebook.ipynb", output=project, name="titanic")
            write_rows(data, rows)
            whole = train(project, "--data", str(data))
            parts = train(project, "--data", str(data), "--chunks", str(options.size))
            versions = [project / "registry" / name for name in ("v0001", "v0002")]
            same = all(len({digest(v / name) for v in versions}) == 1 for name in EQUAL)
            size = data.stat().st_size / 1e6
            cells = [
                f"{rows:,}",
                f"{size:.0f}",
                *(f"{s:.0f}, {mb:.0f}" for s, mb in (whole, parts)),
            ]
            print(f"| {' | '.join(cells)} | {'equal' if same else 'DIFFERENT'} |", flush=True)


if __name__ == "__main__":
    main()
