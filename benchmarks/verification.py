"""What ``nbprod verify`` costs beyond running the notebook and training once.

``python -m benchmarks.verification`` writes a notebook with 1 000 rows and 50 learned values, converts it, and
verifies it. The harness's own time is that of the whole command less the notebook's run and one run of the
project's ``train``, each in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd

NUMBERS, WORDS = 20, 10


def notebook(folder: Path, rows: int) -> Path:
    """Write a notebook and its data; return its path.

    Each of 20 numbers is filled by its median and divided by its standard deviation; each of 10 words is
    filled by its mode. That makes 50 learned values, and dummies on top.
    """
    rng = np.random.default_rng(3)
    data = {f"n{i}": rng.normal(i, 1 + i, rows).round(3) for i in range(NUMBERS)}
    data |= {f"w{i}": rng.choice(list("abcde"), rows) for i in range(WORDS)}
    frame = pd.DataFrame(data)
    frame = frame.mask(rng.random(frame.shape) < 0.05)
    frame["y"] = (frame["n0"].fillna(0) + frame["n1"].fillna(0) > 1).astype(int)
    frame.to_csv(folder / "data.csv", index=False)
    numbers = [
        f"df['n{i}'] = df['n{i}'].fillna(df['n{i}'].median())\n"
        f"df['n{i}'] = df['n{i}'] / df['n{i}'].std()"
        for i in range(NUMBERS)
    ]
    words = [f"df['w{i}'] = df['w{i}'].fillna(df['w{i}'].mode()[0])" for i in range(WORDS)]
    cells = [
        "import pandas as pd\nfrom sklearn.ensemble import RandomForestClassifier",
        "df = pd.read_csv('data.csv')",
        *numbers,
        *words,
        "X = pd.get_dummies(df.drop(columns='y'))\ny = df['y']",
        "model = RandomForestClassifier(n_estimators=50, random_state=0)\nmodel.fit(X, y)",
        "model.score(X, y)",
    ]
    path = folder / "wide.ipynb"
    code = [nbformat.v4.new_code_cell(text) for text in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=code), path)
    return path


def timed(command: list[str], folder: Path, **environment: str) -> tuple[float, float, str]:
    """Run a command; return seconds of wall time and of CPU, and what it printed."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ran = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )  # fmt: skip
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ran.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)}: {ran.stderr.strip()[-500:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, ran.stdout


def main() -> int:
    """Print the times; exit code 1 above the budget of 5 s or when the verdict is not green."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--budget", type=float, default=5.0)
    options = parser.parse_args()
    root = str(Path(__file__).resolve().parents[1])
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        path = notebook(folder, options.rows)
        nbprod = [sys.executable, "-m", "nbprod"]
        timed([*nbprod, "convert", path.name], folder, PYTHONPATH=root)
        code = "\n".join(c.source for c in nbformat.read(path, as_version=4).cells)
        (folder / "plain.py").write_text(code)
        plain = timed([sys.executable, "plain.py"], folder)
        source = str(folder / "wide/src")
        train = timed(
            [sys.executable, "-m", "wide", "train"], folder,
            PYTHONPATH=source, WIDE_REGISTRY=str(folder / "registry"),
        )  # fmt: skip
        whole = timed([*nbprod, "verify", path.name, "--json", "-q"], folder, PYTHONPATH=root)
    verdict = json.loads(whole[2])
    rows = {"verify": whole, "notebook alone": plain, "train alone": train}
    for name, (wall, cpu, _) in rows.items():
        print(f"{name:16}{wall:7.2f} s {cpu:7.2f} s CPU")
    wall, cpu = (whole[i] - plain[i] - train[i] for i in (0, 1))
    print(f"{'harness':16}{wall:7.2f} s {cpu:7.2f} s CPU")
    sites, level = len(verdict["sites"]), verdict["level"]
    print(f"{options.rows} rows, {sites} learned values, {level}")
    return 0 if level in ("proven", "verified") and wall < options.budget else 1


if __name__ == "__main__":
    sys.exit(main())
