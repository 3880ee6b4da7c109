from __future__ import annotations

from pathlib import Path

import pytest

import nbprod
from tests.notebook.notebooks import code, write
from tests.test_cli import edit


def test_files_are_those_on_disk_and_a_person_deleted_ones_are_not_among_them(houses: Path) -> None:
    first = nbprod.convert(houses)
    assert all(path.is_file() for path in first.files)
    assert first.target / "src/houses/features.py" in first.files
    (first.target / "compose.yaml").unlink()
    again = nbprod.convert(houses)
    assert set(first.files) - set(again.files) == {first.target / "compose.yaml"}
    assert (again.errors, again.conflicts) == ((), ())


def test_conflicts_are_listed(houses: Path) -> None:
    project = nbprod.convert(houses).target
    edit(project / "src/houses/features.py", ".median()", ".quantile(0.4)")
    edit(houses, ".median()", ".mean()")
    (conflict,) = nbprod.convert(houses).conflicts
    assert conflict.path == "src/houses/features.py"


def test_a_refused_notebook_has_errors_no_files_and_nothing_to_verify(houses: Path) -> None:
    edit(houses, ".median()", ".shift(1)")
    result = nbprod.convert(houses)
    assert [error.code for error in result.errors] == ["E-CROSS-ROW"]
    assert (result.verdict, result.files, result.changes) == ("REFUSED", (), ())
    with pytest.raises(nbprod.NotebookError, match="E-CROSS-ROW"):
        result.verify()


@pytest.mark.slow
def test_convert_and_verify_work_in_a_kernel_whose_event_loop_runs(houses: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    cells = [
        code(f"import nbprod\nresult = nbprod.convert({houses.name!r})\nprint(result.verdict)"),
        code("steps = []\nprint(result.verify(progress=steps.append).level, len(steps) > 5)"),
        code("try:\n    nbprod.convert('zzz.ipynb')\nexcept nbprod.NotebookError as error:\n    print(error)"),
    ]  # fmt: skip
    path = write(houses.parent / "caller.ipynb", *cells)
    caller = nbformat.reads(path.read_text("utf-8"), as_version=4)
    caller.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    NotebookClient(
        caller, timeout=900, resources={"metadata": {"path": str(houses.parent)}}
    ).execute()
    printed = ["".join(o.get("text", "") for o in cell.outputs) for cell in caller.cells]
    assert printed == ["UNVERIFIED\n", "proven True\n", "zzz.ipynb: no such file\n"]
