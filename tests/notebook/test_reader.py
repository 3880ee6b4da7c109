from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from nbprod.findings import NotebookError
from nbprod.notebook import read
from tests.notebook.notebooks import code, document, markdown, write


def test_cells_keep_number_kind_source_tags_and_count(tmp_path: Path) -> None:
    path = write(tmp_path / "a b.ipynb", markdown("# Title"), code("x = 1\n", ["load"]))
    notebook = read(path)
    assert notebook.name == "a b"
    first, second = notebook.cells
    assert (first.number, first.kind, first.source, first.code) == (1, "markdown", "# Title", "")
    assert (second.number, second.tags, second.execution_count) == (2, ("load",), 1)
    assert second.code == "x = 1\n"


def test_nbformat_3_is_upgraded_in_memory(tmp_path: Path) -> None:
    old = {
        "metadata": {"name": ""},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 2, "metadata": {}, "source": "Load"},
                    {"cell_type": "code", "collapsed": False, "input": "x = 1", "language": "python",
                     "metadata": {}, "outputs": [], "prompt_number": 4},
                ],
                "metadata": {},
            }
        ],
    }  # fmt: skip
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps(old))
    before = path.read_bytes()
    notebook = read(path)
    assert [(c.kind, c.source) for c in notebook.cells] == [
        ("markdown", "## Load"),
        ("code", "x = 1"),
    ]
    assert path.read_bytes() == before


def test_a_cell_that_does_not_parse_is_masked_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", code("x = 1"), code("y = 2\nz = = 3\n"), code("w = 4"))
    notebook = read(path)
    assert [c.code for c in notebook.cells] == ["x = 1", "\n\n", "w = 4"]
    (finding,) = notebook.findings
    assert (finding.code, str(finding.origin), finding.source) == (
        "E-SYNTAX",
        "cell 2:2",
        "z = = 3",
    )


def test_skipped_cells_are_masked_whatever_is_in_them(tmp_path: Path) -> None:
    path = write(
        tmp_path / "n.ipynb",
        code("x = 1"),
        code("y = = 2\n!pip install z", ["skip"]),
        code("# nbprod: skip\nx = 3"),
    )
    notebook = read(path)
    assert [cell.code for cell in notebook.cells] == ["x = 1", "\n", "\n"]
    assert (notebook.findings, notebook.requirements) == ((), ())


def test_outputs_of_50_mb_do_not_matter(tmp_path: Path) -> None:
    big = {"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}
    path = write(tmp_path / "big.ipynb", code("x = 1", outputs=[big]))
    assert read(path).cells[0].code == "x = 1"


def test_hash_ignores_outputs_counts_ids_and_trailing_blanks(tmp_path: Path) -> None:
    one = write(tmp_path / "1.ipynb", code("x = 1\n", ["a", "b"], id="p", execution_count=3))
    two = write(
        tmp_path / "2.ipynb", code("x = 1", ["b", "a"], id="q", execution_count=None), code(" ")
    )
    assert read(one).content_hash == read(two).content_hash


@pytest.mark.parametrize(
    "other",
    [code("x = 2"), markdown("x = 1"), code("x = 1", ["skip"])],
    ids=["source", "kind", "tags"],
)
def test_hash_sees_what_a_person_changes(tmp_path: Path, other: dict[str, Any]) -> None:
    one = write(tmp_path / "1.ipynb", code("y = 0"), code("x = 1"))
    two = write(tmp_path / "2.ipynb", code("y = 0"), other)
    assert read(one).content_hash != read(two).content_hash


def test_percent_script_gives_the_cells_of_the_notebook(tmp_path: Path) -> None:
    path = tmp_path / "n.py"
    path.write_text(
        "# ---\n# jupyter:\n#   kernelspec: {}\n# ---\n\n"
        '# %% [markdown]\n# # Title\n# text\n\n# %% tags=["load"]\n# %matplotlib inline\nx = 1\n\n'
        "# %% a name\ny = 2  # %% not a marker\n# %age of it\n"
    )
    cells = read(path).cells
    assert [(c.kind, c.source, c.tags) for c in cells] == [
        ("markdown", "# Title\ntext", ()),
        ("code", "%matplotlib inline\nx = 1", ("load",)),
        ("code", "y = 2  # %% not a marker\n# %age of it", ()),
    ]


def _json(content: Any) -> str:
    return json.dumps(content)


BAD = {
    "empty file": ("", "is empty"),
    "blank file": (" \n", "is empty"),
    "broken json": ('{"cells": [', "not valid JSON"),
    "conflict markers": ('{\n<<<<<<< ours\n"cells": []}', ":2: has unresolved git conflict markers"),
    "json list": ("[1]", "no notebook (a list)"),
    "json string": ('"x"', "no notebook (a str)"),
    "no nbformat": ("{}", "no nbformat"),
    "boolean nbformat": ('{"nbformat": true}', "no nbformat"),
    "nbformat 5": ('{"nbformat": 5, "cells": []}', "nbformat 5"),
    "cells no list": ('{"nbformat": 4, "cells": 3}', "no list of cells"),
    "cell no object": (_json(document(["x"])), "cell 1:1: is not a cell"),
    "unknown cell type": (_json(document([{"cell_type": "x", "source": ""}])), "unknown type 'x'"),
    "source number": (_json(document([{"cell_type": "code", "source": 3}])), "its source is no text"),
    "source list of numbers": (_json(document([{"cell_type": "code", "source": [3]}])), "is no text"),
    "no cells": (_json(document([])), "no Python code"),
    "only markdown": (_json(document([markdown("# x")])), "no Python code"),
    "only magics": (_json(document([code("%matplotlib inline\n!ls")])), "no Python code"),
    "only comments": (_json(document([code("# x")])), "no Python code"),
    "only a broken cell": (_json(document([code("# x"), code("a\nx = = 1")])), "cell 2:2: the cell is not valid"),
    "R": (_json(document([code("x <- 1")], language="R")), "written in R"),
    "Julia": (_json(document([code("x = 1")], language="julia")), "written in julia"),
    "Python 2": (_json(document([code("x = 1\nprint x")], version="2.7.18")), "cell 1:2: Python 2 code"),
    "null character": (_json(document([code("x = 1\n\0")])), "null character"),
    "deep nesting in code": (_json(document([code("(" * 5000)])), "cell 1:1"),
    "deep nesting in JSON": ("[" * 200_000, "nested too deeply"),
    "nbformat 3 garbage": ('{"nbformat": 3, "worksheets": 3}', "cannot be upgraded"),
    "huge number": ('{"nbformat": ' + "9" * 5000 + "}", "a number of thousands of digits"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_content_is_one_clear_line(tmp_path: Path, name: str) -> None:
    text, expected = BAD[name]
    path = tmp_path / "n.ipynb"
    path.write_text(text)
    with pytest.raises(NotebookError) as caught:
        read(path)
    message = str(caught.value)
    assert expected in message
    assert "\n" not in message
    assert [entry.name for entry in tmp_path.iterdir()] == ["n.ipynb"]


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "n.ipynb").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(NotebookError, match="not UTF-8"):
        read(tmp_path / "n.ipynb")


def test_missing_file_suggests_a_similar_name(tmp_path: Path) -> None:
    write(tmp_path / "titanic.ipynb", code("x = 1"))
    with pytest.raises(NotebookError, match=r"no such file; did you mean .*titanic\.ipynb"):
        read(tmp_path / "titanik.ipynb")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "n.ipynb")
    with pytest.raises(NotebookError, match="is no ordinary file"):
        read(tmp_path / "n.ipynb")


def test_a_link_into_the_void_says_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "n.ipynb").symlink_to("gone.ipynb")
    with pytest.raises(
        NotebookError, match=r"n\.ipynb: is a link to gone\.ipynb, which is not there"
    ):
        read(tmp_path / "n.ipynb")


def test_folder_and_other_suffix(tmp_path: Path) -> None:
    (tmp_path / "d.ipynb").mkdir()
    with pytest.raises(NotebookError, match="is a folder"):
        read(tmp_path / "d.ipynb")
    with pytest.raises(NotebookError, match="not a notebook"):
        read(tmp_path / "x.csv")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", code("x = 1"))
    path.chmod(0)
    with pytest.raises(NotebookError, match="permission denied"):
        read(path)


def test_file_above_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbprod.notebook.reader.MAX_BYTES", 10)
    path = write(tmp_path / "n.ipynb", code("x = 1"))
    with pytest.raises(NotebookError, match="clear the outputs"):
        read(path)


def test_a_name_longer_than_a_file_system_takes_is_a_clear_line() -> None:
    with pytest.raises(NotebookError, match=r"cannot be read \(file name too long\)"):
        read(Path("a" * 300 + ".ipynb"))
