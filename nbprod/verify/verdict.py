"""The certificate: what was checked, what came out, and how far it may be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from nbprod.findings import Finding, Severity

Level = Literal["proven", "verified", "unverified", "refused"]
Status = Literal["proven", "partial", "failed", "skipped", "n/a"]
CHECKS = tuple(f"V{number}" for number in range(1, 16))
NOT_RUN = "not run"  # the name of a check that the run did not get to


@dataclass(frozen=True)
class Check:
    """One check. ``figure`` says in one line what was compared, or why not."""

    id: str
    name: str
    status: Status
    figure: str
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def ran(self) -> bool:
        """Whether the run got as far as this check."""
        return self.name != NOT_RUN

    @property
    def green(self) -> bool:
        """Whether the check holds.

        One that does not apply does not stand in the way; one that holds in part comes with an
        assumption, which keeps the verdict from ``proven``.
        """
        return self.status in ("proven", "partial", "n/a")

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        found = {"id": self.id, "name": self.name, "status": self.status, "figure": self.figure}
        return {**found, **({"details": self.details} if self.details else {})}


@dataclass(frozen=True)
class Verdict:
    """The result of ``verify``.

    ``assumptions`` are operations and rows whose treatment was tested but is not known for certain;
    ``sites`` are the places where a value is learned, each with its own status.
    """

    level: Level
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    assumptions: tuple[dict[str, Any], ...] = ()
    sites: tuple[dict[str, Any], ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 for proven and verified, 1 otherwise."""
        return 0 if self.level in ("proven", "verified") else 1

    def as_dict(self) -> dict[str, Any]:
        """Return the content of ``verdict.json``."""
        return {
            "format": 1,
            "level": self.level,
            "checks": [check.as_dict() for check in self.checks],
            "findings": [finding.as_dict() for finding in self.findings],
            "assumptions": list(self.assumptions),
            "sites": list(self.sites),
            "facts": self.facts,
        }


def level(
    checks: Iterable[Check],
    findings: Iterable[Finding],
    static: Iterable[Finding],
    assumptions: Iterable[object],
) -> Level:
    """Return the level that the evidence bears.

    An error of the static analysis refuses, whatever the tests say. A failed check, a check that did
    not run and an error found meanwhile leave the project unverified.
    """
    if any(finding.severity is Severity.ERROR for finding in static):
        return "refused"
    by_id = {check.id: check for check in checks}
    if any(identity not in by_id or not by_id[identity].green for identity in CHECKS):
        return "unverified"
    if by_id["V4"].status != "proven" or by_id["V1"].status != "proven":
        return "unverified"
    if any(finding.severity is Severity.ERROR for finding in findings):
        return "unverified"
    return "verified" if any(True for _ in assumptions) else "proven"
