"""Findings as text for people, for GitHub annotations, as JSON and as SARIF."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nbprod import __version__
from nbprod.findings import Finding, NotebookError, Severity

FORMATS = ("text", "json", "github", "sarif")
_SARIF_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_GITHUB_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


@dataclass(frozen=True)
class Checked:
    """What ``check`` found in one notebook; ``failure`` is set when the notebook cannot be read."""

    path: str
    findings: tuple[Finding, ...] = ()
    failure: Finding | None = None

    @property
    def all(self) -> tuple[Finding, ...]:
        """The findings, with the failure first."""
        return (self.failure, *self.findings) if self.failure else self.findings


def failure_of(error: NotebookError, path: str) -> Finding:
    """Return an unreadable notebook's error as a finding; the path is not repeated in its message."""
    return Finding("E-NOTEBOOK", error.message.removeprefix(f"{path}: "), error.origin)


def line(path: str, finding: Finding) -> str:
    """Return ``path:cell:line: CODE message; advice``."""
    place = f"{path}:{finding.origin.cell}:{finding.origin.line}" if finding.origin else path
    advice = f"; {finding.advice}" if finding.advice else ""
    return f"{place}: {finding.code} {_one_line(finding.message)}{_one_line(advice)}"


def render(results: Sequence[Checked], form: str) -> str:
    """Return all results in one of ``FORMATS``, without a line end."""
    if form == "json":
        return json.dumps(_document(results), indent=2, ensure_ascii=False)
    if form == "sarif":
        return json.dumps(_sarif(results), indent=2, ensure_ascii=False)
    one = _github if form == "github" else line
    return "\n".join(one(result.path, finding) for result in results for finding in result.all)


def _one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text or "\r" in text else text


def _document(results: Iterable[Checked]) -> dict[str, Any]:
    return {
        "nbprod": __version__,
        "notebooks": [
            {"path": result.path, "findings": [finding.as_dict() for finding in result.all]}
            for result in results
        ],
    }


def _github(path: str, finding: Finding) -> str:
    """Return a workflow command.

    https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
    """

    def data(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def value(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    place = f"{finding.origin}: " if finding.origin else ""
    advice = f"; {finding.advice}" if finding.advice else ""
    return (
        f"::{_GITHUB_LEVEL[finding.severity]} file={value(path)},title={value(finding.code)}::"
        f"{data(place + finding.message + advice)}"
    )


def _sarif(results: Sequence[Checked]) -> dict[str, Any]:
    """Return a SARIF 2.1.0 log (https://docs.oasis-open.org/sarif/sarif/v2.1.0).

    A place in a notebook is a cell and a line in it, which is a logical location in SARIF's terms.
    """
    codes = sorted({finding.code for result in results for finding in result.all})
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "nbprod",
                        "version": __version__,
                        "rules": [{"id": code} for code in codes],
                    }
                },
                "results": [
                    _sarif_result(result.path, finding)
                    for result in results
                    for finding in result.all
                ],
            }
        ],
    }


def _sarif_result(path: str, finding: Finding) -> dict[str, Any]:
    from urllib.parse import quote

    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": quote(path)}}}
    if finding.origin:
        location["logicalLocations"] = [{"fullyQualifiedName": str(finding.origin), "kind": "cell"}]
    advice = f"; {finding.advice}" if finding.advice else ""
    return {
        "ruleId": finding.code,
        "level": _SARIF_LEVEL[finding.severity],
        "message": {"text": finding.message + advice},
        "locations": [location],
    }


__all__ = ["FORMATS", "Checked", "failure_of", "line", "render"]
