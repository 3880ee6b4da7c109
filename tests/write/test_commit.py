from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nbprod.findings import NotebookError
from nbprod.write import commit, write
from nbprod.write.exchange import exchange
from tests.write.test_project import CHANGED, TREE, contents

NEW = {**CHANGED, "src/p/new.py": "x = 1\n"}


def expected(tree: dict[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in tree.items()}


def without_records(files: dict[str, bytes]) -> dict[str, bytes]:
    return {path: content for path, content in files.items() if not path.startswith(".nbprod/")}


def test_exchange_swaps_two_folders(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    exchange(tmp_path / "a", tmp_path / "b")
    assert [entry.name for entry in (tmp_path / "a").iterdir()] == ["b"]
    with pytest.raises(OSError, match="No such file"):
        exchange(tmp_path / "a", tmp_path / "nowhere")


@pytest.mark.parametrize("broken", ["exchange", "_link"])
def test_where_the_system_cannot_swap_or_link_files_are_replaced_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "not here")

    write(TREE, tmp_path / "p")
    inode = (tmp_path / "p").stat().st_ino
    monkeypatch.setattr(commit, broken, refuse)
    write(NEW, tmp_path / "p")
    assert without_records(contents(tmp_path / "p")) == expected(NEW)
    assert (tmp_path / "p").stat().st_ino == inode
    assert [entry.name for entry in tmp_path.iterdir()] == ["p"]


def test_a_failure_in_place_puts_the_old_files_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "p"
    write(TREE, project)
    before = contents(project)
    monkeypatch.chdir(project)
    plain = commit._write

    def fail_at_the_last(place: Path, text: str) -> None:
        if place.name == "new.py":
            raise OSError(errno.EIO, "the disk is broken", str(place))
        plain(place, text)

    monkeypatch.setattr(commit, "_write", fail_at_the_last)
    with pytest.raises(NotebookError, match=r"new\.py: cannot be written \(the disk is broken\)"):
        write(NEW, project)
    assert contents(project) == before


def test_a_full_disk_leaves_the_old_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "p"
    write(TREE, project)
    before = contents(project)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(commit, "_change", full)
    with pytest.raises(NotebookError, match="no space left on device"):
        write(NEW, project)
    assert contents(project) == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["p"]


def test_files_that_appear_during_the_swap_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A running service publishes a version while the project is converted."""
    project = tmp_path / "p"
    write(TREE, project)
    (project / "registry").mkdir()
    (project / "registry" / "champion").write_text("v1")

    def publish_first(one: Path, other: Path) -> None:
        (project / "registry" / "v2").write_text("model")
        (project / "registry" / ".champion").write_text("v2")
        (project / "registry" / ".champion").replace(project / "registry" / "champion")
        exchange(one, other)

    monkeypatch.setattr(commit, "exchange", publish_first)
    write(NEW, project)
    assert (project / "registry" / "v2").read_text() == "model"
    assert (project / "registry" / "champion").read_text() == "v2"
    assert (project / "src/p/new.py").is_file()


def test_conversions_at_the_same_time_follow_one_another(tmp_path: Path) -> None:
    trees = [{**TREE, "README.md": f"# {number}\n", f"n{number}.py": ""} for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda tree: write(tree, tmp_path / "p"), trees))
    assert without_records(contents(tmp_path / "p")) in [expected(tree) for tree in trees]
    assert [entry.name for entry in tmp_path.iterdir()] == ["p"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(NotebookError, match="choose another folder with -o"):
        write(TREE, tmp_path / "p")
