from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import nbprod
from nbprod.findings import NotebookError
from nbprod.pipeline import analyse, render_project
from nbprod.settings import Settings
from tests.notebook.notebooks import code, write

ROOT = Path(__file__).parents[1]


def test_convert_returns_what_was_written(houses: Path) -> None:
    result = nbprod.convert(houses)
    assert result.target == houses.parent / "houses"
    assert result.verdict == "UNVERIFIED"
    assert result.written is not None
    assert result.written.created
    on_disk = {
        p.relative_to(result.target).as_posix() for p in result.target.rglob("*") if p.is_file()
    }
    assert on_disk == {change.path for change in result.written.update.changes}


def test_output_and_name_choose_folder_and_package(houses: Path, tmp_path: Path) -> None:
    result = nbprod.convert(str(houses), tmp_path / "out", name="My Prices")
    assert result.target == tmp_path / "out"
    assert (tmp_path / "out/src/my_prices/features.py").is_file()


def test_settings_come_from_the_notebook_and_from_pyproject(houses: Path) -> None:
    (houses.parent / "pyproject.toml").write_text('[tool.nbprod]\noutput = "services"\n')
    assert nbprod.convert(houses).target == houses.parent / "services" / "houses"


def test_an_unknown_target_is_refused_before_any_work(houses: Path) -> None:
    with pytest.raises(NotebookError, match="did you mean kserve"):
        nbprod.convert(houses, targets=["kserv"])


def test_a_refused_notebook_returns_its_errors(tmp_path: Path) -> None:
    path = write(
        tmp_path / "n.ipynb",
        code("import pandas as pd\nfrom sklearn.svm import SVC\ndf = pd.read_csv('d.csv')"),
        code("df['a'] = df['a'].shift(1)\nm = SVC().fit(df[['a']], df['y'])"),
    )
    result = nbprod.convert(path)
    assert (result.verdict, result.written) == ("REFUSED", None)
    assert [str(f.origin) for f in result.analysed.refusals] == ["cell 2:1"]
    assert not result.target.exists()


def test_a_broken_training_cell_is_blamed_rather_than_a_missing_model(houses: Path) -> None:
    houses.write_text(houses.read_text().replace("model.fit(X, y)", "model.fit(X, y"))
    with pytest.raises(NotebookError, match="not valid Python") as caught:
        analyse(houses)
    assert caught.value.origin is not None
    assert caught.value.origin.cell == 7


def test_findings_that_are_ignored_are_not_reported(houses: Path) -> None:
    found = analyse(houses, Settings(ignore=("W-", "I-"))).findings
    assert found == ()


PRINT_HASH = """
import hashlib, json, sys
from pathlib import Path
from nbprod.pipeline import analyse, render_project
tree = render_project(analyse(Path(sys.argv[1])))
print(hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest())
"""


@pytest.mark.parametrize("story", ["titanic-messy", "house-prices", "churn-tagged", "reviews-text"])
def test_equal_input_gives_equal_bytes(tmp_path: Path, story: str) -> None:
    hashes = set()
    for seed in ("0", "1", "2"):
        folder = tmp_path / seed / "notebooks"
        shutil.copytree(ROOT / "fixtures" / story, folder)
        done = subprocess.run(
            [sys.executable, "-c", PRINT_HASH, str(folder / "notebook.ipynb")],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        hashes.add(done.stdout)
    assert len(hashes) == 1


def test_the_python_door_imports_nothing_before_it_is_used() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, nbprod; print('nbprod.pipeline' in sys.modules); nbprod.Result"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "False\n"
    with pytest.raises(AttributeError, match="has no attribute 'nope'"):
        nbprod.nope  # noqa: B018


def test_the_tree_stays_inside_the_project(houses: Path) -> None:
    tree = render_project(analyse(houses))
    assert all(not path.startswith(("/", "..")) and "\\" not in path for path in tree)
