"""What the processes report, collected until the verdict is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nbprod.findings import Finding, Origin
from nbprod.verify.supervise import Message
from nbprod.verify.verdict import Check


@dataclass
class Evidence:
    """What the processes reported so far."""

    checks: list[Check] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    assumptions: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def take(self, message: Message) -> None:
        """Add one message of a judging process."""
        kind = message["kind"]
        if kind == "check":
            details = message.get("details", {})
            self.checks.append(
                Check(message["id"], message["name"], message["status"], message["figure"], details)
            )
            self.findings += [finding(found) for found in message["findings"]]
            self.assumptions += message.get("assumptions", [])
        elif kind == "finding":
            self.findings.append(finding(message))
        elif kind == "facts":
            self.facts.update({k: v for k, v in message.items() if k != "kind"})


def finding(found: dict[str, Any]) -> Finding:
    """Return the finding that a process of the probe reported."""
    return Finding(
        found["code"],
        found["message"],
        origin(found),
        found.get("source", ""),
        found.get("advice", ""),
    )


def origin(place: dict[str, Any]) -> Origin | None:
    """Return the place in the notebook, where one is given."""
    return Origin(place["cell"], place.get("line") or 1) if place.get("cell") else None
