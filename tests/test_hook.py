from __future__ import annotations

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
    return subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=check
    )


@pytest.mark.slow
def test_pre_commit_try_repo(houses: Path, tmp_path: Path) -> None:
    """The real pre-commit: passing, failing, fixing, several notebooks, paths with blanks."""
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    files = _git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout.split(
        "\0"
    )
    wanted = [f for f in files if f.startswith(("nbprod/", "templates/")) or "/" not in f]
    for name in filter(None, wanted):
        if (ROOT / name).is_file():
            (hooks / name).parent.mkdir(parents=True, exist_ok=True)
            (hooks / name).write_bytes((ROOT / name).read_bytes())
    _git(hooks, "init", "-q")
    _git(hooks, "add", "-A")
    _git(hooks, "commit", "-qm", "x")
    work = houses.parent
    (work / "deep er").mkdir()
    second = work / "deep er" / "more houses.ipynb"
    second.write_bytes(houses.read_bytes())
    _git(work, "init", "-q")
    _git(work, "add", "-A")

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
