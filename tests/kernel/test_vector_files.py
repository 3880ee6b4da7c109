"""A project gets the functions that mean what its own version of pandas means."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from nbprod.kernel.vector_files import RANGES, known, vector_files
from nbprod.modules import build
from nbprod.render.serving import serving_lines
from tests.cases.test_idioms import as_notebook

CELLS = [
    "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression",
    "df = pd.read_csv('a.csv')\ndf['mr'] = df['name'].str.contains('Mr').astype(int)",
    "model = LogisticRegression()\nmodel.fit(df[['mr']], df['y'])",
]


@pytest.mark.parametrize("version", ["2.0.3", "2.2.3", "3.0.0", "3.1.1"])
def test_every_version_has_all_functions_and_what_they_read(version: str, tmp_path: Path) -> None:
    definitions, _ = known(version)
    assert definitions.keys() >= known()[0].keys()
    for path, text in vector_files(set(definitions), version).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F,E9", str(tmp_path)]
    found = subprocess.run(ruff, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout


def test_every_other_function_is_one_of_a_range_that_is_not_empty() -> None:
    for since, before in RANGES.values():
        assert since < before
    usual, third = known("2.2.3")[0], known("3.0.0")[0]
    changed = {n for n in usual if usual[n].source != third[n].source}
    assert {"fill", "put", "to_text", "to_dates", "_truth"} <= changed
    assert {"cut", "one_hot", "matrix", "floor_divide"}.isdisjoint(changed)


def test_an_unknown_version_means_the_usual_one() -> None:
    assert known("")[0] == known(None)[0] == known("2.2.3")[0]


@pytest.mark.parametrize(("version", "filled"), [("2.3.3", False), ("3.1.0", True)])
def test_a_package_means_what_the_pandas_of_the_notebook_means(version: str, filled: bool) -> None:
    notebook = replace(as_notebook("case", CELLS), pandas=version)
    texts = build(notebook).files["vector/texts.py"]
    assert ("na = False" in texts) is filled


@pytest.mark.parametrize(("version", "asked"), [("2.3.3", False), ("3.1.0", True)])
def test_the_small_image_has_arrow_where_the_kernel_asks_it(version: str, asked: bool) -> None:
    notebook = replace(
        as_notebook("case", [CELLS[0], CELLS[1].replace("contains('Mr')", "isdigit()"), CELLS[2]]),
        pandas=version,
    )
    lines = serving_lines(["numpy==2.1", "pandas==2.3.3", "pyarrow==21.0"], build(notebook).files)
    assert lines == ["numpy==2.1", *(["pyarrow==21.0"] if asked else [])]
