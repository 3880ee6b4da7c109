"""Which interpreter runs the package, and whether its versions are those that the project pins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbprod.findings import Finding
from nbprod.interpreter import OLDEST, this_python, too_old
from nbprod.render.installed import public
from nbprod.verify.evidence import Evidence
from nbprod.verify.project import Project


def package_python(recorded: Mapping[str, Any], python: str, other: str | None) -> str:
    """Return the interpreter for the package: the notebook's, or ``other`` where that one is too old.

    Args:
        recorded: the run of the notebook.
        python: the interpreter that it ran in.
        other: the one to use instead of a too old one; None for that of nbprod.
    """
    return (other or this_python()) if too_old(recorded["python"]) else python


def report(project: Project, evidence: Evidence) -> None:
    """Say where the proof ran with other versions than the notebook did or the project pins."""
    facts = evidence.facts
    theirs = {"Python": facts["python"], **facts["versions"]}
    ours = {"Python": facts.get("package_python", ""), **facts.get("package_versions", {})}
    if too_old(facts["python"]):
        needed = ".".join(map(str, OLDEST))
        message = f"Python {facts['python']} cannot run the package, which needs {needed}"
        if ours["Python"]:
            message += f": the notebook ran with {_told(theirs, ours)}, the package with {_told(ours, theirs)}"
        advice = (
            "differences may come from the libraries; equal results hold for these two environments"
        )
        _assume(evidence, "W-OLD-PYTHON", message, advice)
    pinned = {name: version for name, version in project.pins.items() if version}
    other = {
        name: version
        for name, version in ours.items()
        if pinned.get(name, version) not in (version, public(version))
    }
    if other:
        message = f"this ran with {_told(other, pinned)}, the project pins {_told(pinned, other)}"
        advice = (
            "convert again with the same --python or --kernel, so that it pins what was compared"
        )
        _assume(evidence, "W-PINS", message, advice)


def _assume(evidence: Evidence, code: str, message: str, advice: str) -> None:
    evidence.findings.append(Finding(code, message, advice=advice))
    evidence.assumptions.append({"kind": "other versions", "text": message})


def _told(versions: Mapping[str, str], other: Mapping[str, str]) -> str:
    """Return the versions of what is in ``other`` too, where they differ."""
    return ", ".join(
        f"{name} {version}"
        for name, version in versions.items()
        if name in other and other[name] != version
    )
