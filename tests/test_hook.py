from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbprod.hook import main
from tests.test_cli import edit

ROOT = Path(__file__).parents[1]


def test_the_hook_fails_until_the_project_is_up_to_date(
    houses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(houses)]) == 1
    assert "houses/ changed; add it to the commit" in capsys.readouterr().out
    assert main([str(houses)]) == 0
    edit(houses, ".median()", ".mean()")
    assert main([str(houses)]) == 1
    assert main([str(houses)]) == 0


def test_a_first_conversion_without_the_libraries_says_that_nothing_is_pinned(
    houses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(houses, "import pandas as pd", "import pandas as pd\\nimport a_library_that_nobody_has")
    edit(houses, "df.head()", "df = a_library_that_nobody_has.clean(df)")
    assert main([str(houses)]) == 1
    assert "W-NOT-INSTALLED" in capsys.readouterr().out
    edit(houses, ".median()", ".mean()")
    assert main([str(houses)]) == 1
    assert "W-NOT-INSTALLED" not in capsys.readouterr().out


def test_a_conflict_names_the_file(houses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(houses)]) == 1
    features = houses.parent / "houses/src/houses/features.py"
    edit(features, ".median()", ".quantile(0.4)")
    edit(houses, ".median()", ".mean()")
    capsys.readouterr()
    assert main([str(houses)]) == 1
    assert f"conflict in {features}: " in capsys.readouterr().out


def test_an_unreadable_notebook_is_one_line_and_the_others_are_converted(
    houses: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.ipynb"
    bad.write_text("{")
    assert main([str(bad), str(houses)]) == 2
    assert capsys.readouterr().out.startswith(f"{bad}: E-NOTEBOOK")
    assert (houses.parent / "houses/README.md").is_file()


def test_excluded_notebooks_are_left_alone(houses: Path) -> None:
    (houses.parent / "pyproject.toml").write_text('[tool.nbprod]\nexclude = ["houses.*"]\n')
    assert main([str(houses)]) == 0
    assert not (houses.parent / "houses").exists()


def _git(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    identity = ["-c", "user.name=n", "-c", "user.email=n@example.org"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=check,
        env={**os.environ, "PATH": path},
    )  # fmt: skip


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository with the working tree's nbprod, as pre-commit would clone it."""
    folder = tmp_path_factory.mktemp("hooks")
    listed = _git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout
    for name in filter(None, listed.split("\0")):
        wanted = name.startswith(("nbprod/", "templates/")) or "/" not in name
        if wanted and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    _git(folder, "init", "-q")
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", "x")
    return folder


@pytest.fixture
def work(houses: Path) -> Path:
    """A git repository with two notebooks, one of them in a folder with a blank in its name."""
    folder = houses.parent
    (folder / "deep er").mkdir()
    (folder / "deep er" / "more houses.ipynb").write_bytes(houses.read_bytes())
    _git(folder, "init", "-q")
    _git(folder, "add", "-A")
    return folder


@pytest.mark.slow
def test_pre_commit_try_repo(houses: Path, work: Path, hooks: Path) -> None:
    """The real pre-commit: passing, failing, fixing, several notebooks, paths with blanks."""

    def hook(name: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "try-repo", str(hooks), name, "--all-files", "--verbose"],
            cwd=work, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert hook("nbprod-check").returncode == 0
    converted = hook("nbprod-convert")
    assert converted.returncode == 1, converted.stdout + converted.stderr
    assert "houses.ipynb: houses/ changed" in converted.stdout
    assert (work / "deep er/more_houses/README.md").is_file()
    _git(work, "add", "-A")
    assert hook("nbprod-convert").returncode == 0
    edit(houses, ".median()", ".mean()")
    _git(work, "add", "-A")
    behind = hook("nbprod-check")
    assert behind.returncode == 1
    assert "E-BEHIND" in behind.stdout


CONFIG = """\
repos:
  - repo: local
    hooks:
      - {{id: nbstripout, name: nbstripout, entry: "{python} -m nbstripout", language: system, types: [jupyter]}}
      - {{id: black-jupyter, name: black-jupyter, entry: "{python} -m black", language: system, types: [jupyter]}}
  - repo: {hooks}
    rev: {revision}
    hooks:
      - id: nbprod-check
      - id: nbprod-convert
"""


@pytest.mark.slow
def test_an_installed_hook_lives_beside_nbstripout_and_black(
    houses: Path, work: Path, hooks: Path
) -> None:
    """One commit is stopped while something changes, the next one passes and nothing changes again."""
    pytest.importorskip("nbstripout")
    pytest.importorskip("tokenize_rt", reason="black reads notebooks with its extra jupyter")
    revision = _git(hooks, "rev-parse", "HEAD").stdout.strip()
    config = CONFIG.format(python=sys.executable, hooks=hooks, revision=revision)
    (work / ".pre-commit-config.yaml").write_text(config)
    run_and_untidy(houses)
    _git(work, "add", "-A")
    subprocess.run([sys.executable, "-m", "pre_commit", "install"], cwd=work, check=True)

    first = _git(work, "commit", "-m", "x", check=False)
    assert first.returncode == 1
    assert "houses/ changed; add it to the commit" in first.stdout + first.stderr
    _git(work, "add", "-A")
    second = _git(work, "commit", "-m", "x", check=False)
    assert second.returncode == 0, second.stdout + second.stderr
    assert not _git(work, "status", "--porcelain").stdout

    run_and_untidy(houses, count=2)
    _git(work, "add", "-A")
    only_outputs = _git(work, "commit", "-m", "y", check=False).stderr
    assert "nbprod convert" in only_outputs
    assert "changed; add it to the commit" not in only_outputs


def run_and_untidy(notebook: Path, count: int = 1) -> None:
    """Leave outputs, execution counts and a badly formatted cell, as Jupyter and people do."""
    content = json.loads(notebook.read_text("utf-8"))
    cell = next(cell for cell in content["cells"] if "fillna" in "".join(cell["source"]))
    text = "".join(cell["source"])
    cell["source"] = text.replace(" = ", "=", 1)
    cell["execution_count"] = count
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": f"run {count}\n"}]
    notebook.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
