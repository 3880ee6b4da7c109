from __future__ import annotations

import pytest

from nbprod.findings import NotebookError
from nbprod.write.plan import plan

OLD, NEW, EDIT = "1\n2\n3\n4\n", "1\n2\n3\nfour\n", "one\n2\n3\n4\n"

# name: (text in the last conversion, on disk, in the new conversion) -> (status, new text or None)
FILES = {
    "nothing new": ((OLD, OLD, OLD), ("unchanged", None)),
    "new file": ((None, None, NEW), ("added", NEW)),
    "changed by the conversion": ((OLD, OLD, NEW), ("updated", NEW)),
    "edited by hand": ((OLD, EDIT, OLD), ("kept", None)),
    "edited and changed": ((OLD, EDIT, NEW), ("merged", "one\n2\n3\nfour\n")),
    "same edit on both sides": ((OLD, NEW, NEW), ("unchanged", None)),
    "deleted by hand": ((OLD, None, NEW), ("respected", None)),
    "no longer generated": ((OLD, OLD, None), ("removed", None)),
    "no longer generated, edited": ((OLD, EDIT, None), ("released", None)),
    "no longer generated, deleted": ((OLD, None, None), ("unchanged", None)),
    "a person's own file in the way": ((None, EDIT, NEW), ("conflict", None)),
    "windows line ends": ((OLD, EDIT.replace("\n", "\r\n"), NEW), ("merged", "one\r\n2\r\n3\r\nfour\r\n")),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_each_file_has_one_outcome(name: str) -> None:
    versions, (status, text) = FILES[name]
    trees = [{} if version is None else {"f.py": version} for version in versions]
    update = plan(*trees)
    assert [change.status for change in update.changes] == [status]
    assert update.files.get("f.py") == text
    assert update.deleted == (("f.py",) if status == "removed" else ())


def test_a_conflict_keeps_both_sides() -> None:
    update = plan({"f": OLD}, {"f": "1\n2\n3\nvier\n"}, {"f": NEW})
    assert update.conflicts[0].path == "f"
    assert "vier\n=======\nfour\n" in update.files["f"]


def test_markers_of_an_earlier_conversion_stop_the_next_one() -> None:
    with pytest.raises(NotebookError, match=r"f:2: has unresolved conflict markers"):
        plan({"f": OLD}, {"f": "1\n<<<<<<< your edit\nx\n"}, {"f": NEW})


def test_force_takes_the_new_text() -> None:
    update = plan({"f": OLD, "g": OLD}, {"f": EDIT}, {"f": NEW, "g": NEW}, force=True)
    assert update.files == {"f": NEW, "g": NEW}


def test_a_moved_file_is_merged_where_it_is_now() -> None:
    update = plan({"f": OLD}, {"g": EDIT}, {"f": NEW}, renamed={"f": "g"})
    assert update.files == {"g": "one\n2\n3\nfour\n"}


CERTIFIED, STATIC = '{"level": "VERIFIED"}\n', '{"level": "UNVERIFIED"}\n'


def test_the_certificate_stays_while_the_code_does() -> None:
    base = {"verdict.json": STATIC, "f": OLD, ".nbprod/x": "1"}
    disk = {**base, "verdict.json": CERTIFIED}
    assert plan(base, disk, {**base, ".nbprod/x": "2"}).files == {".nbprod/x": "2"}


def test_the_certificate_goes_when_the_code_changes() -> None:
    base = {"verdict.json": STATIC, "f": OLD}
    disk = {**base, "verdict.json": CERTIFIED}
    assert plan(base, disk, {**base, "f": NEW}).files == {"f": NEW, "verdict.json": STATIC}
