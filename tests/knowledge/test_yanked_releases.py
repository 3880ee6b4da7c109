"""Releases that were yanked are told, with the nearest one that was not."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from nbprod.knowledge import table
from nbprod.knowledge.yanked_releases import yanked
from nbprod.notebook.values import Cell, Notebook
from nbprod.notebook.withdrawn import withdrawn
from nbprod.pins import yanked_pins
from nbprod.render.environment import Environment

ROOT = Path(__file__).parents[2]
LISTED = [
    (name, version, row)
    for name, rows in table("yanked").items()
    if isinstance(rows, dict)
    for version, row in rows.items()
]


@pytest.mark.parametrize(("name", "version", "row"), LISTED, ids=[f"{n} {v}" for n, v, _ in LISTED])
def test_every_row_says_why_and_what_instead(name: str, version: str, row: dict[str, str]) -> None:
    assert re.fullmatch(r"[A-Za-z].{8,60}", row["why"])
    assert yanked(name, row["instead"]) is None
    assert Version(version) != Version(row["instead"])


def test_the_list_has_a_date() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", table("yanked")["date"])


@pytest.mark.parametrize(
    ("name", "version", "known"),
    [
        ("numpy", "2.4.0", True),
        ("NumPy", "2.4", True),
        ("prometheus_client", "0.23.0", True),
        ("numpy", "2.4.1", False),
        ("nobody-has-this", "1.0", False),
        ("date", "2026", False),
    ],
)
def test_names_and_versions_are_compared_as_indexes_do(
    name: str, version: str, known: bool
) -> None:
    assert (yanked(name, version) is not None) is known


def test_a_line_that_installs_one_is_told_with_its_place() -> None:
    text = "import numpy\n!pip install numpy==2.4.0 scipy==1.16.0"
    found = withdrawn(Notebook("n.ipynb", "n", (Cell(3, "code", text, text),)))
    assert [(f.code, f.origin and (f.origin.cell, f.origin.line)) for f in found] == [
        ("W-YANKED", (3, 2))
    ]
    assert found[0].advice.startswith("install numpy==")


def test_a_pin_is_told() -> None:
    environment = Environment("3.11.0", (), ("click==8.2.1", "numpy==2.4.0", "uvicorn"))
    assert ["numpy 2.4.0" in f.message for f in yanked_pins(environment)] == [True]


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "scripts" / "yanked.py"))


def file(name: str, yanked: bool | str = False) -> dict[str, Any]:
    return {"filename": name, "yanked": yanked}


def test_a_release_is_yanked_where_all_its_files_are(script: dict[str, Any]) -> None:
    files = [
        file("some_name-1.0.tar.gz"),
        file("some_name-1.1-py3-none-any.whl", "broken"),
        file("some_name-1.1.tar.gz", True),
        file("some-name-1.2-py3-none-any.whl", "broken"),
        file("some-name-1.2.tar.gz"),
        file("other-9.tar.gz", True),
    ]
    found = script["releases"]({"files": files}, "some-name")
    assert {str(version): said for version, said in found.items()} == {
        "1.0": None,
        "1.1": "broken",
        "1.2": None,
    }


@pytest.mark.parametrize(
    ("version", "good", "instead"),
    [
        ("1.1.0", "1.0.9 1.1.1 1.1.2 1.2.0", "1.1.1"),
        ("1.1.3", "1.0.9 1.1.2 1.2.0", "1.1.2"),
        ("1.0.0", "1.1.0rc1 1.1.0 1.2.0", "1.1.0"),
        ("1.0.0", "", "None"),
    ],
    ids=["next of the series", "the one before", "the first", "there is none"],
)
def test_the_nearest_release_is_named(
    script: dict[str, Any], version: str, good: str, instead: str
) -> None:
    assert str(script["nearest"](Version(version), map(Version, good.split()))) == instead


def test_the_file_is_what_the_script_writes(script: dict[str, Any]) -> None:
    known = table("yanked")
    rows = {name: found for name, found in known.items() if isinstance(found, dict)}
    written = ROOT.joinpath("nbprod", "knowledge", "yanked.toml").read_text("utf-8")
    assert script["text"](rows, known["date"]) == written
