from __future__ import annotations

from pathlib import Path

import pytest

from nbprod.findings import NotebookError
from nbprod.paths import expand


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.ipynb", "a.ipynb", "deep er/c.ipynb", "d.txt", "e.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    for hidden in (".ipynb_checkpoints", ".venv"):
        (tmp_path / hidden).mkdir()
        (tmp_path / hidden / "a.ipynb").touch()
    return tmp_path


def names(paths: list[Path], below: Path) -> list[str]:
    return [path.relative_to(below).as_posix() for path in paths]


def test_a_folder_stands_for_the_notebooks_below_it_but_not_for_hidden_copies(tree: Path) -> None:
    assert names(expand([tree]), tree) == ["a.ipynb", "b.ipynb", "deep er/c.ipynb"]


def test_a_pattern_that_the_shell_left_alone_is_matched(tree: Path) -> None:
    assert names(expand([tree / "**/*.ipynb"]), tree) == ["a.ipynb", "b.ipynb", "deep er/c.ipynb"]
    assert names(expand([tree / "[ab].*"]), tree) == ["a.ipynb", "b.ipynb"]


def test_files_stand_for_themselves_once_and_in_the_order_named(tree: Path) -> None:
    asked = [
        tree / "b.ipynb",
        tree / "d.txt",
        tree / "b.ipynb",
        tree / "none.ipynb",
        tree / "deep er",
    ]
    assert names(expand(asked), tree) == ["b.ipynb", "d.txt", "none.ipynb", "deep er/c.ipynb"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tree: Path) -> None:
    (tree / "x[ab].ipynb").touch()
    assert names(expand([tree / "x[ab].ipynb"]), tree) == ["x[ab].ipynb"]


@pytest.mark.parametrize("asked", ["empty", "*.nb"])
def test_nothing_found_says_what_was_looked_at(tree: Path, asked: str) -> None:
    (tree / "empty").mkdir()
    with pytest.raises(NotebookError, match="no notebook"):
        expand([tree / asked])
