"""Dask, Ray and Spark give the columns and values of local scoring, to the last bit."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

from tests.lifecycle.project import Shop, visits

SCORE = """
import sys
from shop import engines

getattr(engines, f"score_{sys.argv[1]}")(sys.argv[2], sys.argv[3])
"""


MODULES = {"dask": "dask", "ray": "ray", "spark": "pyspark"}


@pytest.mark.slow
@pytest.mark.parametrize("engine", MODULES)
def test_an_engine_equals_local_scoring(engine: str, tmp_path: Path) -> None:
    if find_spec(MODULES[engine]) is None:
        pytest.skip(f"{MODULES[engine]} is not installed")
    shop = Shop(tmp_path / "shop")
    visits(800, 1).to_csv(shop.data, index=False)
    assert shop.run("train").returncode == 0
    rows = visits(20_000, 2).drop(columns="bought").reset_index(names="id")
    rows.to_parquet(tmp_path / "in.parquet", row_group_size=4000)
    done = shop.run("score", str(tmp_path / "in.parquet"), str(tmp_path / "l.parquet"))
    assert done.returncode == 0, done.stderr
    more = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    paths = str(tmp_path / "in.parquet"), str(tmp_path / "out")
    process = shop.script(SCORE, engine, *paths, **more)
    _, problems = process.communicate(timeout=300)
    assert process.returncode == 0, problems
    local = pd.read_parquet(tmp_path / "l.parquet").sort_values("id").reset_index(drop=True)
    found = pd.read_parquet(tmp_path / "out").sort_values("id").reset_index(drop=True)
    pd.testing.assert_frame_equal(found, local, check_exact=True, check_dtype=False)
