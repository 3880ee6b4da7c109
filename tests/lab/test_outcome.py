from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nbprod.lab.outcome import Outcome, outcome


def converted(**changes: Any) -> Outcome:
    document = {
        "target": "houses",
        "verdict": "UNVERIFIED",
        "files": [],
        "conflicts": [],
        "errors": 0,
    }
    text = json.dumps({**document, "findings": [], **changes})
    return outcome("convert", text, Path("/srv/a"), lambda place: place.as_posix())


def file(path: str, status: str) -> dict[str, str]:
    return {"path": path, "status": status, "detail": ""}


@pytest.mark.parametrize(
    ("changes", "verdict", "tone", "summary"),
    [
        ({}, "UNVERIFIED", "mixed", "houses/ is up to date."),
        ({"files": [file("a", "kept")]}, "UNVERIFIED", "mixed", "houses/ is up to date."),
        ({"files": [file("a", "added")]}, "UNVERIFIED", "mixed", "1 file written to houses/"),
        ({"verdict": "PROVEN"}, "PROVEN", "good", "houses/ is up to date."),
        (
            {"files": [file("a", "conflict")], "conflicts": ["a"]},
            "CONFLICTS",
            "bad",
            "1 conflict to resolve in houses/",
        ),
        ({"verdict": "REFUSED", "errors": 2}, "REFUSED", "bad", "2 errors; nothing was written."),
    ],
)
def test_a_conversion_in_words(
    changes: dict[str, Any], verdict: str, tone: str, summary: str
) -> None:
    found = converted(**changes)
    assert (found.verdict, found.tone, found.summary) == (verdict, tone, summary)


def test_files_open_below_the_project() -> None:
    assert converted(files=[file("src/a.py", "added")]).files[0]["open"] == "/srv/a/houses/src/a.py"


def test_errors_come_first_then_the_order_of_the_notebook() -> None:
    def finding(severity: str, cell: int | None, line: int | None) -> dict[str, Any]:
        return {"severity": severity, "cell": cell, "line": line}

    ordered = [
        finding("error", 9, 1),
        finding("warning", None, None),
        finding("warning", 2, 1),
        finding("warning", 2, 5),
        finding("info", 1, 1),
    ]
    assert list(converted(findings=ordered[::-1]).findings) == ordered


@pytest.mark.parametrize(
    ("level", "statuses", "tone", "summary"),
    [
        ("proven", ["proven", "n/a"], "good", "1 of 1 check proven"),
        ("verified", ["proven", "proven"], "good", "2 of 2 checks proven"),
        ("unverified", ["proven", "failed", "skipped"], "mixed", "1 of 3 checks proven"),
        ("refused", ["proven"], "bad", "1 of 1 check proven"),
    ],
)
def test_a_certificate_in_words(level: str, statuses: list[str], tone: str, summary: str) -> None:
    checks = [{"id": "V", "name": "", "status": status, "figure": ""} for status in statuses]
    document = {"project": "h", "level": level, "checks": checks, "findings": [], "assumptions": []}
    found = outcome("verify", json.dumps(document), Path("/srv/a"), lambda place: place.as_posix())
    assert (found.verdict, found.tone, found.summary) == (level.upper(), tone, summary)
    assert found.certificate == "/srv/a/h/verdict.html"


def test_a_notebook_that_the_settings_exclude_is_called_excluded() -> None:
    assert outcome("check", '{"notebooks": []}', Path(), str).verdict == "EXCLUDED"


def test_something_else_than_a_document_is_an_error() -> None:
    with pytest.raises((ValueError, KeyError)):
        outcome("convert", "{}", Path(), str)
    with pytest.raises(ValueError, match="Expecting value"):
        outcome("convert", "Traceback", Path(), str)
