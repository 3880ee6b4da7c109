from __future__ import annotations

import json

from nbprod.findings import Finding, NotebookError, Origin
from nbprod.report import Checked, failure_of, line, render

WARNING = Finding("W-CLOCK", "now() is read", Origin(7, 3), "df['t'] = now()", "use a constant")
NOTE = Finding("I-SHELL", "100% of\nit, yes", None)
RESULTS = [Checked("a b.ipynb", (WARNING,)), Checked("c.ipynb", (NOTE,))]


def test_text_is_path_cell_line_code_message() -> None:
    assert render(RESULTS, "text").splitlines() == [
        "a b.ipynb:7:3: W-CLOCK now() is read; use a constant",
        "c.ipynb: I-SHELL 100% of it, yes",
    ]


def test_github_commands_escape_what_would_end_them() -> None:
    assert render(RESULTS, "github").splitlines() == [
        "::warning file=a b.ipynb,title=W-CLOCK::cell 7:3: now() is read; use a constant",
        "::notice file=c.ipynb,title=I-SHELL::100%25 of%0Ait, yes",
    ]


def test_json_findings_can_be_read_back() -> None:
    document = json.loads(render(RESULTS, "json"))
    assert [entry["path"] for entry in document["notebooks"]] == ["a b.ipynb", "c.ipynb"]
    assert Finding.from_dict(document["notebooks"][0]["findings"][0]) == WARNING


def test_sarif_has_a_rule_and_a_place_for_each_result() -> None:
    log = json.loads(render(RESULTS, "sarif"))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["I-SHELL", "W-CLOCK"]
    first, second = run["results"]
    assert (first["ruleId"], first["level"]) == ("W-CLOCK", "warning")
    (location,) = first["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "a%20b.ipynb"
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "cell 7:3"
    assert second["level"] == "note"


def test_a_failure_comes_first_and_does_not_repeat_the_path() -> None:
    failure = failure_of(NotebookError("x.ipynb: is empty"), "x.ipynb")
    assert line("x.ipynb", failure) == "x.ipynb: E-NOTEBOOK is empty"
    assert render([Checked("x.ipynb", (NOTE,), failure)], "text").startswith("x.ipynb: E-NOTEBOOK")
