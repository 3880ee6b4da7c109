"""Peak memory and time of `train` in memory and `train --chunks`, and whether the versions are equal.

    python benchmarks/chunks.py [--rows 200000 800000] [--size 50000]

The rows are an export as shops have it: an amount, a count, two categories, and twenty texts that no feature needs. The notebook fills a
median, encodes the categories, scales, and fits a linear model.
"""

from __future__ import annotations

import argparse
import hashlib
import json
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

NOTEBOOK = (
    (
        "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression\n"
        "from sklearn.preprocessing import StandardScaler\ndf = pd.read_csv('orders.csv')"
    ),
    (
        "df['amount'] = df['amount'].fillna(df['amount'].median())\n"
        "df['each'] = df['amount'] / df['items']\n"
        "X = pd.get_dummies(df[['amount', 'items', 'each', 'channel', 'region']])\ny = df['returned']"
    ),
    (
        "scaler = StandardScaler()\n"
        "model = LogisticRegression(max_iter=200).fit(scaler.fit_transform(X), y)"
    ),
)
TEXTS = 20
EQUAL = ("state.json", "schema.json", "model.joblib")


def write_notebook(path: Path) -> None:
    cells = [
        {
            "cell_type": "code",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": text,
        }
        for text in NOTEBOOK
    ]
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    path.write_text(json.dumps(content), "utf-8")


def write_rows(path: Path, rows: int, part: int = 50_000) -> None:
    """A CSV file of ``rows`` orders, without holding them. Seeded."""
    rng = np.random.default_rng(0)
    words = np.array([f"word{i}" for i in range(5000)])
    for start in range(0, rows, part):
        n = min(rows, start + part) - start
        amount = rng.gamma(2, 40, n).round(2)
        frame = pd.DataFrame(
            {
                "order": np.arange(start, start + n),
                "amount": np.where(rng.random(n) < 0.1, np.nan, amount),
                "items": rng.integers(1, 9, n),
                "channel": rng.choice(["web", "shop", "phone"], n),
                "region": rng.choice([f"region {i}" for i in range(30)], n),
                "returned": (amount / 100 + rng.normal(size=n) > 1).astype(int),
            }
        )
        for i in range(TEXTS):
            picks = rng.choice(words, (n, 5))
            frame[f"text{i}"] = [" ".join(row) for row in picks]
        frame.to_csv(path, index=False, mode="a" if start else "w", header=start == 0)


def train(project: Path, *arguments: str) -> tuple[float, float]:
    """Seconds and peak megabytes of one training."""
    environment = {**os.environ, "PYTHONPATH": str(project / "src"), "OMP_NUM_THREADS": "1"}
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "orders", "train", *arguments],
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
            project, data = Path(folder, "orders"), Path(folder, "rows.csv")
            write_notebook(Path(folder, "notebook.ipynb"))
            write_rows(Path(folder, "orders.csv"), 1000)
            convert(Path(folder, "notebook.ipynb"), output=project, name="orders")
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
