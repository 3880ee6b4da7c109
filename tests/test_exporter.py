from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from nbconvert.exporters import get_exporter
from nbconvert.utils.exceptions import ConversionException

from nbprod.exporter import ProjectExporter, archive
from nbprod.pipeline import analyse, convert, render_project
from nbprod.write import with_base
from tests.notebook.notebooks import markdown, write


def test_export_is_the_project_as_a_zip(houses: Path) -> None:
    content, resources = ProjectExporter().from_filename(str(houses))
    assert resources["output_extension"] == ".zip"
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        files = {name: packed.read(name).decode() for name in packed.namelist()}
    tree = with_base(render_project(analyse(houses)))
    assert files == {f"houses/{path}": text for path, text in tree.items()}


def test_an_unpacked_export_is_a_project_that_can_be_converted_again(houses: Path) -> None:
    content, _ = ProjectExporter().from_filename(str(houses))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        packed.extractall(houses.parent)
    assert {change.status for change in convert(houses).changes} == {"unchanged"}


def test_equal_trees_give_equal_bytes() -> None:
    assert archive({"a": "1", "b": "2"}, "p") == archive({"b": "2", "a": "1"}, "p")


def test_a_notebook_without_code_is_one_line(tmp_path: Path) -> None:
    path = write(tmp_path / "n.ipynb", markdown("# x"))
    with pytest.raises(ConversionException) as caught:
        ProjectExporter().from_filename(str(path))
    assert (
        str(caught.value) == "n.ipynb: the notebook has no Python code; there is nothing to convert"
    )


def test_nbconvert_and_the_export_menu_find_it() -> None:
    assert get_exporter("nbprod") is ProjectExporter
    assert ProjectExporter.export_from_notebook == "Nbprod"
