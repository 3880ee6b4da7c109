"""Which versions a project pins: those of the notebook's environment, wherever the conversion runs.

A pre-commit hook or a CI job converts in an environment of its own, without pandas or with another one.
The versions are therefore recorded at the first conversion and win over an environment that cannot be the
notebook's, because something that the package imports is missing there. An environment that a person named
is asked itself, and what it said wins from then on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from nbprod.findings import Finding, NotebookError
from nbprod.interpreter import OLDEST, too_old
from nbprod.modules.values import Modules
from nbprod.render.environment import Environment, current, requirement
from nbprod.render.installed import installed_in
from nbprod.write.manifest import load


def environment_of(modules: Modules, project: Path, python: str | None = None) -> Environment:
    """Return the environment to pin for a package that is written to ``project``.

    Args:
        modules: of the package.
        project: its folder; what an earlier conversion recorded there counts.
        python: the interpreter of the notebook's environment, None when nobody named one.

    Raises:
        NotebookError: ``python`` cannot be run.
    """
    outdated = ""
    if python is not None:
        site = installed_in(python)
        if not too_old(site.python):
            return current(modules.imports, modules.requirements, site)
        outdated = site.python
    here = replace(current(modules.imports, modules.requirements), outdated=outdated)
    recorded = _recorded(project)
    if recorded is None or not (here.missing or recorded.chosen):
        return here
    versions = dict(recorded.pins)
    kept = set(versions) if recorded.chosen else {name for name in versions if versions[name]}
    pins = {name: versions[name] if name in kept else version for name, version in here.pins}
    known = {line.partition("==")[0].partition("[")[0].lower() for line in recorded.lock}
    added = [name for name in pins if name.lower() not in known]
    lock = sorted({*recorded.lock, *(requirement(name, pins[name]) for name in added)})
    missing = tuple(name for name in pins if not pins[name])
    return replace(
        recorded,
        pins=tuple(sorted(pins.items())),
        lock=tuple(lock),
        missing=missing,
        outdated=outdated,
    )


def not_installed(environment: Environment) -> Iterator[Finding]:
    """Yield a finding when versions are unknown or not the notebook's."""
    if environment.outdated:
        needed = ".".join(map(str, OLDEST))
        yield Finding(
            "W-OLD-PYTHON",
            f"the notebook's Python {environment.outdated} cannot run the package, which needs {needed}: "
            "it pins the libraries of this environment instead",
            advice="run `nbprod verify` with the same --python: it compares the two",
        )
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
            chosen=stored.get("chosen") is True,
        )
    except (NotebookError, KeyError, TypeError, AttributeError):
        return None


__all__ = ["environment_of", "not_installed"]
