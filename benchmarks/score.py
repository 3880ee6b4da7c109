"""Time and peak memory of ``score`` by number of rows, on the small shop of the lifecycle tests.

python benchmarks/score.py [--rows 100000 1000000 10000000]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.lifecycle.project import Shop, visits  # noqa: E402

GROUP = 100_000  # rows of a row group


def write_rows(path: Path, rows: int) -> None:
    """A Parquet file of ``rows`` visits, without holding them."""
    rng = np.random.default_rng(0)
    writer = None
    for start in range(0, rows, GROUP):
        count = min(GROUP, rows - start)
        table = pa.table(
            {
                "age": rng.normal(35, 10, count).round(1),
                "device": rng.choice(["phone", "desk"], count),
                "spent": rng.exponential(30, count).round(2),
            }
        )
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000])
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    shop = Shop(folder / "shop")
    visits(2000, 1).to_csv(shop.data, index=False)
    shop.run("train")
    print("| rows | seconds | rows a second | peak memory MB |\n|---:|---:|---:|---:|")
    for rows in options.rows:
        write_rows(folder / "in.parquet", rows)
        start = time.perf_counter()
        process = shop.popen("score", str(folder / "in.parquet"), str(folder / f"{rows}.parquet"))
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        if status:
            sys.exit(f"score failed: {process.stderr.read() if process.stderr else ''}")
        peak = usage.ru_maxrss / 1024
        print(f"| {rows:,} | {seconds:.1f} | {rows / seconds:,.0f} | {peak:.0f} |", flush=True)


if __name__ == "__main__":
    main()
