from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbprod.findings import NotebookError
from nbprod.notebook.tagging import with_tags, write_tags
from tests.notebook.notebooks import code, document, markdown

CELLS = [
    markdown("# \u00e9"),
    code("x = 1.0", outputs=[{"data": {"a": 1e-05}}]),
    code("y", ["mine"]),
]


@pytest.mark.parametrize("indent", [None, 1, 2, "\t"])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_only_the_metadata_of_tagged_cells_changes(
    indent: Any, ascii_only: bool, newline: str
) -> None:
    def dump(content: Any) -> str:
        return (json.dumps(content, indent=indent, ensure_ascii=ascii_only) + "\n").replace(
            "\n", newline
        )

    text = dump(document(CELLS)).replace("1e-05", "1.000E-5")
    tagged, count = with_tags(text, {2: "load", 3: "training"})
    expected = document(
        [
            CELLS[0],
            code("x = 1.0", ["load"], outputs=CELLS[1]["outputs"]),
            code("y", ["mine", "training"]),
        ]
    )
    assert count == 2
    assert tagged == dump(expected).replace("1e-05", "1.000E-5")


def test_a_tag_that_is_there_changes_nothing() -> None:
    text = json.dumps(document(CELLS))
    assert with_tags(text, {3: "mine"}) == (text, 0)


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_whatever_the_outputs_hold_they_stay(value: Any) -> None:
    content = document([code("x", outputs=[value]), code("y", custom=value)])
    tagged, count = with_tags(json.dumps(content, indent=1), {1: "load", 2: "skip"})
    after = json.loads(tagged)
    assert count == 2
    assert [cell["metadata"].pop("tags") for cell in after["cells"]] == [["load"], ["skip"]]
    assert after == content


@pytest.mark.parametrize("text", ["{}", "[]", "x", '{"cells": 3}', '{"cells": [{}]}'])
def test_other_files_are_refused_and_stay(tmp_path: Path, text: str) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text(text)
    with pytest.raises(NotebookError, match="nbformat 4 only"):
        write_tags(path, {1: "load"})
    assert path.read_text() == text
