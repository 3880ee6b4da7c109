"""What a run came to, in the words and values that the browser shows as they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from nbprod.lab.command import Action

Tone = Literal["good", "mixed", "bad"]
Json = Mapping[str, Any]
_TONES: dict[str, Tone] = {
    "PROVEN": "good",
    "VERIFIED": "good",
    "UP TO DATE": "good",
    "REFUSED": "bad",
}
_ORDER = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Outcome:
    """``verdict`` is one or two words, ``summary`` one line; ``files`` have a path to open or None.

    ``certificate`` is the path of the certificate's page, None where the server would not open it.
    """

    verdict: str
    tone: Tone
    summary: str
    target: str = ""
    files: tuple[Json, ...] = ()
    findings: tuple[Json, ...] = ()
    checks: tuple[Json, ...] = ()
    roles: tuple[Json, ...] = ()
    certificate: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)


def outcome(
    action: Action, output: str, folder: Path, served: Callable[[Path], str | None]
) -> Outcome:
    """Read what a command printed with ``--json``.

    Args:
        action: the command.
        output: one JSON document.
        folder: where the command ran; paths in the document are relative to it.
        served: gives the path under which the server opens a file, or None.

    Raises:
        ValueError, KeyError: the output is no such document.
    """
    document = json.loads(output)
    if action == "convert":
        return _converted(document, folder, served)
    if action == "verify":
        return _verified(document, folder, served)
    if action == "check":
        return _checked(document)
    return _tagged(document)


def _converted(document: Json, folder: Path, served: Callable[[Path], str | None]) -> Outcome:
    target = folder / document["target"]
    files = tuple({**file, "open": served(target / file["path"])} for file in document["files"])
    conflicts = len(document["conflicts"])
    changed = sum(file["status"] not in ("unchanged", "kept", "respected") for file in files)
    verdict = document["verdict"]
    if verdict == "REFUSED":
        summary = f"{_count(document['errors'], 'error')}; nothing was written."
    elif conflicts:
        verdict, summary = (
            "CONFLICTS",
            f"{_count(conflicts, 'conflict')} to resolve in {target.name}/",
        )
    elif not changed:
        summary = f"{target.name}/ is up to date."
    else:
        summary = f"{_count(changed, 'file')} written to {target.name}/"
    tone = "bad" if conflicts else _TONES.get(verdict, "mixed")
    where = served(target) or str(target)
    return Outcome(verdict, tone, summary, where, files, _sorted(document["findings"]))


def _verified(document: Json, folder: Path, served: Callable[[Path], str | None]) -> Outcome:
    checks = tuple(
        {key: check[key] for key in ("id", "name", "status", "figure")}
        for check in document["checks"]
    )
    applicable = [check for check in checks if check["status"] != "n/a"]
    proven = sum(check["status"] == "proven" for check in applicable)
    verdict = document["level"].upper()
    assumed = len(document["assumptions"])
    summary = f"{proven} of {_count(len(applicable), 'check')} proven"
    if assumed:
        summary += f", {_count(assumed, 'assumed operation')}"
    tone = _TONES.get(verdict, "mixed")
    page = folder / document["project"] / "verdict.html"
    return Outcome(
        verdict,
        tone,
        summary,
        findings=_sorted(document["findings"]),
        checks=checks,
        certificate=served(page),
    )


def _checked(document: Json) -> Outcome:
    if not document["notebooks"]:
        return Outcome("EXCLUDED", "mixed", "The settings exclude this notebook from checks.")
    findings = _sorted(document["notebooks"][0]["findings"])
    errors = sum(finding["severity"] == "error" for finding in findings)
    if errors:
        return Outcome("ERRORS", "bad", _count(errors, "error"), findings=findings)
    if findings:
        return Outcome("WARNINGS", "mixed", _count(len(findings), "warning"), findings=findings)
    return Outcome("NO FINDINGS", "good", "Nothing stands in the way of a conversion.")


def _tagged(document: Json) -> Outcome:
    roles = tuple(document["cells"])
    said = sum(role["said"] for role in roles)
    inferred = sum(bool(role["role"]) and not role["said"] for role in roles)
    summary = f"{_count(said, 'cell')} tagged, {inferred} inferred"
    return Outcome("ROLES", "good", summary, roles=roles)


def _sorted(findings: Iterable[Json]) -> tuple[Json, ...]:
    """Return errors first, then in the order of the notebook."""
    return tuple(sorted(findings, key=_place))


def _place(finding: Json) -> tuple[int, int, int]:
    severity = _ORDER.get(finding["severity"], len(_ORDER))
    return severity, finding["cell"] or 0, finding["line"] or 0


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


__all__ = ["Outcome", "outcome"]
