"""Training by chunks learns what training in memory learns, to the last bit, or says why it cannot."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbprod.pipeline import convert

FIXTURES = Path(__file__).parents[2] / "fixtures"
COMPARE = Path(__file__).with_name("compare_chunks.py")
COUNT = Path(__file__).with_name("count_chunks.py")
EXACT = ("state.json", "schema.json", "metrics.json", "golden.json", "model.joblib")


class Project:
    """A fixture, converted, in a folder of its own."""

    def __init__(self, name: str, root: Path) -> None:
        self.root = root
        convert(FIXTURES / name / "notebook.ipynb", output=root, name="pk")

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the project."""
        environment = {**os.environ, "PYTHONPATH": str(self.root / "src"), **more}
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=1200,
            check=False,
        )

    def edit(self, old: str, new: str) -> None:
        """Change the preprocessing by hand."""
        path = self.root / "src/pk/features.py"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))


@pytest.fixture
def people(tmp_path: Path) -> Project:
    project = Project("peer-toy", tmp_path / "people")
    source = next(FIXTURES.glob("peer-toy/**/*.csv"))
    header, *rows = source.read_text().splitlines()
    (project.root / "rows.csv").write_text("\n".join([header, *rows * 12]) + "\n")
    return project


def compare(project: Project, path: Path, size: int) -> str:
    done = project.run(str(COMPARE), str(path), str(size))
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_scaler_mean_and_categories_are_those_of_all_rows(people: Project) -> None:
    assert compare(people, people.root / "rows.csv", 97) == "equal"


def test_a_chunk_that_was_read_leaves_the_memory(people: Project) -> None:
    done = people.run(str(COUNT), str(people.root / "rows.csv"), "97")
    assert done.returncode == 0, done.stderr
    chunks, most = map(int, done.stdout.split())
    assert chunks > 10
    assert most <= 3


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["arrays", "churn-tagged", "helpers", "house-prices", "peer-toy", "reviews-text",
     "titanic-messy", "train-test-concat"],
)  # fmt: skip
@pytest.mark.parametrize("size", [61, 100_000])
def test_every_fixture_learns_the_same_by_chunks(name: str, size: int, tmp_path: Path) -> None:
    if name in ("churn-tagged", "helpers"):
        size = max(size, 150)  # smaller chunks are refused, see below
    project = Project(name, tmp_path / "project")
    assert compare(project, Path(), size) == "equal"


@pytest.mark.slow
def test_the_published_version_is_the_same_file_by_file(people: Project) -> None:
    for arguments in ([], ["--chunks", "1000"]):
        done = people.run("-m", "pk", "train", "--data", "rows.csv", *arguments)
        assert done.returncode == 0, done.stderr
    one, other = people.root / "registry/v0001", people.root / "registry/v0002"
    for name in EXACT:
        assert digest(one / name) == digest(other / name), name
    left, right = (json.loads((v / "lineage.json").read_text()) for v in (one, other))
    assert left["data"] == right["data"]


@pytest.mark.slow
def test_a_column_that_is_text_in_some_chunks_only_is_refused(tmp_path: Path) -> None:
    project = Project("churn-tagged", tmp_path / "project")
    done = project.run(str(COMPARE), ".", "61")
    assert "column TotalCharges is float64 here and object there" in done.stderr


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refusal(project: Project, *arguments: str, **more: str) -> str:
    done = project.run("-m", "pk", "train", "--chunks", "1000", *arguments, **more)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert not (project.root / "registry").exists()
    return done.stderr.splitlines()[-1]


def test_a_statement_that_depends_on_other_rows_is_refused(people: Project) -> None:
    people.edit(
        '    people["age"] = people["age"].fillna(state.age_mean)\n',
        '    people["age"] = people["age"].fillna(state.age_mean).rank()\n',
    )
    told = refusal(people, "--data", "rows.csv")
    assert "the features differ between chunks and memory" in told
    assert "train on a sample that fits" in told


@pytest.mark.slow
def test_rows_that_are_numbered_anew_are_refused(people: Project) -> None:
    people.edit(
        '    people["age"] = people["age"].fillna(state.age_mean)\n',
        '    people["age"] = people["age"].fillna(state.age_mean)\n'
        "    people = people.reset_index(drop=True)\n",
    )
    told = refusal(people, "--data", "rows.csv")
    assert "numbers its rows anew" in told
    assert "features.py:" in told


def test_a_statement_that_needs_too_much_at_once_is_named_with_its_cell(people: Project) -> None:
    told = refusal(people, "--data", "rows.csv", PK_CHUNK_MEMORY="0.001")
    assert "notebook cell 2" in told
    assert "people['age'].mean()" in told
    assert "--data" in told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "--chunks needs --data FILE"),
        (("--data", "README.md"), "CSV and Parquet"),
        (("--data", "nosuch.csv"), "No such file"),
    ],
)
def test_what_cannot_be_cut_is_refused(
    people: Project, arguments: tuple[str, ...], told: str
) -> None:
    assert told in refusal(people, *arguments)


@pytest.mark.slow
def test_records_are_cut_whole_and_columns_get_the_type_of_all_chunks(people: Project) -> None:
    check = """
from pathlib import Path
import pytest
from pk.training.chunks import ChunkError, common_dtype, cut
Path("odd.csv").write_bytes(b'a,b\\r\\n1,"x\\ny"\\r\\n2,"say ""hi"", ok"\\r\\n3,z')
Path("pieces").mkdir()
found = [piece.read_bytes() for piece in cut(Path("odd.csv"), 1, Path("pieces"))]
assert found == [b'a,b\\r\\n1,"x\\ny"\\r\\n', b'a,b\\r\\n2,"say ""hi"", ok"\\r\\n', b'a,b\\r\\n3,z'], found
assert common_dtype("a", ["int64", "float64"]) == "float64"
assert common_dtype("a", ["int64", "empty"]) == "float64"
assert common_dtype("a", ["object", "empty"]) == "object"
assert common_dtype("a", ["bool", "empty"]) == "object"
for kinds in (["int64", "object"], ["float64", "object"], ["bool", "int64"]):
    with pytest.raises(ChunkError, match="column a"):
        common_dtype("a", kinds)
"""
    done = people.run("-c", check)
    assert done.returncode == 0, done.stderr
