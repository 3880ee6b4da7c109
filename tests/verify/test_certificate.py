"""The page shows what there is, loads nothing, and runs nothing that a notebook says."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import Any

from nbprod.findings import Finding, Origin
from nbprod.notebook.values import Cell, Notebook
from nbprod.verify import Check, Verdict
from nbprod.verify.certificate import render
from nbprod.verify.certificate.diagram import Step, draw

EVIL = "<script>alert('x')</script>"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]


def page(name: str = EVIL) -> str:
    column = {
        "name": name,
        "dtype": "object",
        "required": True,
        "categories": [name],
        "minimum": None,
    }
    verdict = Verdict(
        "unverified",
        (Check("V4", "single rows", "failed", f"row {name}"), Check("V5", "batch", "n/a", "none")),
        (Finding("E-PARITY", name, Origin(1, 1), name, name), Finding("W-LEAK-SPLIT", name)),
        ({"text": name, "cell": 1},),
        ({"field": "f", "cell": 1, "line": 1, "expression": name, "status": "unproven"},),
        {
            "raw_columns": [column],
            "features": [name],
            "learned": {"f": name},
            "versions": {"pandas": "2"},
        },
    )
    notebook = Notebook(f"{name}.ipynb", name, (Cell(1, "code", name, name),))
    plan = {
        "sink": {"cell": 1, "line": 1, "source": name, "class": name},
        "statements": [{"cell": 1, "line": 1, "role": "fit", "reason": name}],
        "cell_map": {"cell 1": f"features.py:{name}"},
    }
    return render(verdict, notebook, plan)


def test_text_of_the_notebook_is_escaped_everywhere() -> None:
    text = page()
    tags = Tags()
    tags.feed(text)

    assert "script" not in tags.found
    assert "&lt;script&gt;" in text
    assert text.count("alert(") >= 12, "it is shown, as text"


def test_nothing_is_loaded_from_elsewhere() -> None:
    text = page("harmless")
    tags = Tags()
    tags.feed(text)

    assert tags.addresses == []
    assert "url(" not in text
    assert "@import" not in text


def test_a_refused_statement_stands_beside_its_message() -> None:
    text = page("df['r'].rank()")

    assert '<div class="finding error">' in text
    assert "df[&#39;r&#39;].rank()</pre>" in text


def test_the_diagram_is_well_formed_and_connects_columns_with_cells() -> None:
    columns = [f"c{i} & <" for i in range(40)]
    steps = [
        Step("cell 2 · fill", frozenset({"c1 & <"}), ("age_median",)),
        Step("cell 3", frozenset(), ()),
    ]

    drawing = ET.fromstring(draw(columns, steps, ["f1"], "Forest"))

    texts = [node.text for node in drawing.iter("text")]
    assert "and 25 more" in texts
    assert "◆ age_median" in texts
    assert len(list(drawing.iter("path"))) == 16 + 1 + 1


def test_an_empty_verdict_still_has_a_page() -> None:
    verdict = Verdict("unverified", (), ())

    assert "unverified" in render(verdict, Notebook("n.ipynb", "n", ()), {})


def test_without_rows_no_value_of_the_data_stays_in_the_project(shop: Any) -> None:
    assert shop.verify().level == "proven"
    kept = shop.project / "tests/data/notebook.json"
    assert kept.is_file()

    verdict = shop.verify(keep_rows=False)

    assert verdict.level == "proven"
    assert not kept.exists()
    for name in ("verdict.json", "verdict.html"):
        text = (shop.project / name).read_text()
        assert "party" in text
        assert "sat" not in re.findall(r"\w+", text), "a weekday is a value of the data"
