"""Which versions a project pins: those of the notebook's environment, wherever the conversion runs.

A pre-commit hook or a CI job converts in an environment of its own, without pandas or with another one.
The versions are therefore recorded at the first conversion and win over an environment that cannot be the
notebook's, because something that the package imports is missing there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from nbprod.findings import Finding, NotebookError
from nbprod.modules.values import Modules
from nbprod.render.environment import Environment, current, requirement
from nbprod.write.manifest import load


def environment_of(modules: Modules, project: Path) -> Environment:
    """Return the environment to pin for a package that is written to ``project``."""
    here = current(modules.imports, modules.requirements)
    recorded = _recorded(project)
    if recorded is None or not here.missing:
        return here
    versions = dict(recorded.pins)
    pins = {name: versions.get(name) or version for name, version in here.pins}
    known = {line.partition("==")[0].partition("[")[0].lower() for line in recorded.lock}
    added = [name for name in pins if name.lower() not in known]
    lock = sorted({*recorded.lock, *(requirement(name, pins[name]) for name in added)})
    missing = tuple(name for name in here.missing if not pins[name])
    return replace(recorded, pins=tuple(sorted(pins.items())), lock=tuple(lock), missing=missing)


def not_installed(environment: Environment) -> Iterator[Finding]:
    """Yield a finding when versions are unknown."""
    if environment.missing:
        names = ", ".join(environment.missing)
        yield Finding(
            "W-NOT-INSTALLED",
            f"not installed here, so the package cannot pin a version: {names}",
            advice="convert in the environment of the notebook",
        )


def _recorded(project: Path) -> Environment | None:
    try:
        stored = (load(project) or {})["environment"]
        return Environment(
            stored["python"],
            tuple(sorted(stored["pins"].items())),
            tuple(stored["lock"]),
            tuple(name for name, version in stored["pins"].items() if not version),
        )
    except (NotebookError, KeyError, TypeError, AttributeError):
        return None


__all__ = ["environment_of", "not_installed"]
