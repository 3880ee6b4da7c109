from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbprod.findings import NotebookError
from nbprod.write import preview, write
from nbprod.write.diff import unified

TREE = {
    "README.md": "# Title\n",
    "src/p/features.py": "def a():\n    return 1\n\n\ndef b():\n    return 2\n",
    "tests/test_p.py": "def test_a():\n    assert True\n",
}
CHANGED = {**TREE, "src/p/features.py": TREE["src/p/features.py"].replace("return 2", "return 3")}


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_new_project_holds_exactly_the_tree_and_its_base(tmp_path: Path) -> None:
    written = write(TREE, tmp_path / "deep" / "p")
    assert written.created
    files = contents(tmp_path / "deep" / "p")
    assert files.keys() == {*TREE, ".nbprod/base.json"}
    assert all(files[path] == TREE[path].encode() for path in TREE)
    assert [entry.name for entry in (tmp_path / "deep").iterdir()] == ["p"]


def test_the_same_tree_again_changes_nothing(tmp_path: Path) -> None:
    write(TREE, tmp_path / "p")
    before = contents(tmp_path / "p")
    assert write(TREE, tmp_path / "p").update.is_empty
    assert contents(tmp_path / "p") == before


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    assert write(TREE, tmp_path / "p").created


def test_a_strangers_folder_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "README.md").write_text("mine")
    with pytest.raises(
        NotebookError, match="was not written by nbprod; choose another folder with -o"
    ):
        write(TREE, tmp_path / "p")
    assert contents(tmp_path / "p") == {"README.md": b"mine"}


def test_force_writes_into_a_strangers_folder_and_leaves_other_files(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "notes.txt").write_text("mine")
    write(TREE, tmp_path / "p", force=True)
    assert (tmp_path / "p" / "notes.txt").read_text() == "mine"
    assert (tmp_path / "p" / "README.md").read_text() == "# Title\n"


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("x")
    with pytest.raises(NotebookError, match="is a file"):
        write(TREE, tmp_path / "p")


@pytest.mark.parametrize("inside", [False, True], ids=["swapped", "in place"])
def test_edits_additions_links_and_modes_survive_a_second_conversion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: bool
) -> None:
    project = tmp_path / "p"
    write(TREE, project)
    features = project / "src/p/features.py"
    features.write_text("# mine\n" + features.read_text())
    features.chmod(0o755)
    (project / "notes.txt").write_text("mine")
    (project / "empty").mkdir()
    (project / "link").symlink_to("notes.txt")
    (project / "tests/test_p.py").unlink()
    if inside:
        monkeypatch.chdir(project)
    update = write(CHANGED, project).update
    assert features.read_text() == "# mine\n" + CHANGED["src/p/features.py"]
    assert features.stat().st_mode & 0o777 == 0o755
    assert (project / "notes.txt").read_text() == "mine"
    assert (project / "notes.txt").stat().st_nlink == 1
    assert (project / "empty").is_dir()
    assert (project / "link").readlink() == Path("notes.txt")
    assert not (project / "tests/test_p.py").exists()
    assert {c.path: c.status for c in update.changes if c.status != "unchanged"} == {
        ".nbprod/base.json": "updated",
        "src/p/features.py": "merged",
        "tests/test_p.py": "respected",
    }
    assert [entry.name for entry in tmp_path.iterdir()] == ["p"]


def test_a_moved_file_gets_the_new_text_where_it_is(tmp_path: Path) -> None:
    project = tmp_path / "p"
    write(TREE, project)
    moved = project / "src/p/columns.py"
    (project / "src/p/features.py").rename(moved)
    moved.write_text(moved.read_text() + "\n# mine\n")
    write(CHANGED, project)
    assert "return 3" in moved.read_text()
    assert "# mine" in moved.read_text()
    assert not (project / "src/p/features.py").exists()


def test_a_file_no_longer_generated_goes_with_its_empty_folder(tmp_path: Path) -> None:
    project = tmp_path / "p"
    write(TREE, project)
    write({"README.md": "# Title\n"}, project)
    assert contents(project).keys() == {"README.md", ".nbprod/base.json"}
    assert not (project / "src").exists()


def test_conflicts_stand_in_the_file_and_are_listed(tmp_path: Path) -> None:
    project = tmp_path / "p"
    write(TREE, project)
    features = project / "src/p/features.py"
    features.write_text(features.read_text().replace("return 2", "return 22"))
    update = write(CHANGED, project).update
    assert [change.path for change in update.conflicts] == ["src/p/features.py"]
    assert (
        "<<<<<<< your edit\n    return 22\n=======\n    return 3\n>>>>>>>" in features.read_text()
    )
    with pytest.raises(NotebookError, match=r"features.py:6: has unresolved conflict markers"):
        write(TREE, project)


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "", "a\\..\\x", "a\0"])
def test_no_generated_file_leaves_the_project(tmp_path: Path, path: str) -> None:
    with pytest.raises(NotebookError, match="must lie inside"):
        write({path: "x"}, tmp_path / "p")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    project, outside = tmp_path / "p", tmp_path / "outside"
    write(TREE, project)
    (project / "src").rename(outside)
    (project / "src").symlink_to(outside)
    with pytest.raises(NotebookError, match="is a link"):
        write(CHANGED, project)


def test_a_damaged_base_says_what_to_do(tmp_path: Path) -> None:
    write(TREE, tmp_path / "p")
    (tmp_path / "p/.nbprod/base.json").write_text("{")
    with pytest.raises(NotebookError, match=r"is damaged; restore it from git"):
        write(CHANGED, tmp_path / "p")
    write(CHANGED, tmp_path / "p", force=True)
    assert "return 3" in (tmp_path / "p/src/p/features.py").read_text()


def test_preview_and_diff_write_nothing(tmp_path: Path) -> None:
    project = tmp_path / "p"
    write(TREE, project)
    before = contents(project)
    update = preview(CHANGED, project)
    assert contents(project) == before
    lines = list(unified(update, project))
    assert lines[:2] == ["--- a/src/p/features.py", "+++ b/src/p/features.py"]
    assert [line for line in lines[2:] if line[0] in "+-"] == ["-    return 2", "+    return 3"]


KILLED = """
import os, signal, sys
from nbprod.write import write
from tests.write.test_project import CHANGED
from pathlib import Path

left = int(sys.argv[2])

def kill(event, arguments):
    global left
    if event in {"open", "os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.listdir",
                 "os.scandir", "ctypes.dlsym", "shutil.copytree", "shutil.rmtree"}:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(kill)
write({**CHANGED, "src/p/new.py": "x = 1\\n"}, Path(sys.argv[1]))
print("done")
"""


@pytest.mark.slow
def test_kill_9_at_any_point_leaves_the_old_or_the_new_project(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    states = set()
    for point in range(400):
        project = tmp_path / str(point) / "p"
        write(TREE, project)
        old = contents(project)
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(project), str(point)],
            cwd=root, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(root)}, check=False,
        )  # fmt: skip
        now = contents(project)
        if now == old:
            states.add("old")
        else:
            assert now.keys() == {*old, "src/p/new.py"}, point
            assert b"return 3" in now["src/p/features.py"]
            states.add("new")
        write({**CHANGED, "src/p/new.py": "x = 1\n"}, project)
        assert [entry.name for entry in project.parent.iterdir()] == ["p"]
        if done.returncode == 0:
            break
    assert done.stdout == "done\n"
    assert states == {"old", "new"}
