"""Time and peak memory of ``score`` by number of rows, on the small shop of the lifecycle tests.

    python benchmarks/score.py [--rows 100000 1000000 10000000]
    python benchmarks/score.py --engines dask ray spark [--rows 1000000]

With ``--engines`` the same rows go to each engine that is installed, and its answers are compared with the
local ones, value by value. Exit code 1 when one differs.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.lifecycle.project import Shop, visits  # noqa: E402

GROUP = 100_000  # rows of a row group
ENGINES = {"dask": "dask", "ray": "ray", "spark": "pyspark"}


def write_rows(path: Path, rows: int) -> None:
    """A Parquet file of ``rows`` visits, without holding them."""
    rng = np.random.default_rng(0)
    writer = None
    for start in range(0, rows, GROUP):
        count = min(GROUP, rows - start)
        table = pa.table(
            {
                "id": np.arange(start, start + count),
                "age": np.where(
                    rng.random(count) < 0.1, np.nan, rng.normal(35, 10, count).round(1)
                ),
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
    parser.add_argument("--rows", type=int, nargs="+")
    parser.add_argument("--engines", nargs="+", choices=list(ENGINES))
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    shop = Shop(folder / "shop")
    visits(2000, 1).to_csv(shop.data, index=False)
    shop.run("train")
    if options.engines:
        rows = (options.rows or [1_000_000])[0]
        write_rows(folder / "in.parquet", rows)
        sys.exit(compare(shop, folder, options.engines, rows))
    print("| rows | seconds | rows a second | peak memory MB |\n|---:|---:|---:|---:|")
    for rows in options.rows or [100_000, 1_000_000, 10_000_000]:
        write_rows(folder / "in.parquet", rows)
        seconds, peak = score(shop, folder / f"{rows}.parquet")
        print(f"| {rows:,} | {seconds:.1f} | {rows / seconds:,.0f} | {peak:.0f} |", flush=True)


def score(shop: Shop, target: Path) -> tuple[float, float]:
    """Score the file beside ``target`` into it; seconds and peak megabytes of the process."""
    start = time.perf_counter()
    process = shop.popen("score", str(target.parent / "in.parquet"), str(target))
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"score failed: {process.stderr.read() if process.stderr else ''}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def compare(shop: Shop, folder: Path, engines: list[str], rows: int) -> int:
    """Score the same rows with every engine; 1 when one answers something else."""
    seconds, _ = score(shop, folder / "local.parquet")
    local = read_scored(folder / "local.parquet")
    print("| engine | version | seconds | columns | values that differ |\n|---|---|---:|---:|---:|")
    print(f"| local | | {seconds:.1f} | {local.shape[1]} | |", flush=True)
    differing = 0
    variables = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    for engine in engines:
        if find_spec(ENGINES[engine]) is None:
            print(f"{engine} is not installed: skipped", file=sys.stderr)
            continue
        start = time.perf_counter()
        paths = str(folder / "in.parquet"), str(folder / engine)
        process = shop.popen("score", *paths, "--engine", engine, **variables)
        _, problems = process.communicate()
        if process.returncode:
            sys.exit(f"{engine} failed: {problems[-2000:]}")
        seconds = time.perf_counter() - start
        found = read_scored(folder / engine)
        different = count_different(found, local)
        differing += different
        columns = f"{found.shape[1]} | {different:,} of {rows * local.shape[1]:,}"
        print(f"| {engine} | {version(ENGINES[engine])} | {seconds:.1f} | {columns} |", flush=True)
    return 1 if differing else 0


def read_scored(path: Path) -> pd.DataFrame:
    """Scored rows in the order of their number; engines write them in any order."""
    return pd.read_parquet(path).sort_values("id").reset_index(drop=True)


def count_different(found: pd.DataFrame, expected: pd.DataFrame) -> int:
    """Cells that are not equal to the last bit; all of them when columns or rows differ."""
    if list(found.columns) != list(expected.columns) or len(found) != len(expected):
        return expected.size
    same = [
        (found[name] == expected[name]) | (found[name].isna() & expected[name].isna())
        for name in found
    ]
    return int(sum((~column).sum() for column in same))


if __name__ == "__main__":
    main()
