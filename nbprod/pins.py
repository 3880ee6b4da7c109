"""Which versions a project pins: those of the notebook's environment, wherever the conversion runs.

A pre-commit hook or a CI job converts in an environment of its own, without pandas or with another one.
The versions are therefore recorded at the first conversion and win over an environment that cannot be the
notebook's, because something that the package imports is missing there. An environment that a person named
is asked itself, and what it said wins from then on. Where nobody named one, the kernel that the notebook names
is asked, if this machine has it and it has what the package imports.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from nbprod.findings import Finding, NotebookError
from nbprod.interpreter import OLDEST, too_old
from nbprod.knowledge.yanked_releases import told, yanked
from nbprod.modules.values import Modules
from nbprod.notebook_kernel import python_of
from nbprod.render.environment import (
    Environment,
    current,
    distributions_of,
    normal,
    requirement,
)
from nbprod.render.installed import Installed, here, installed_in
from nbprod.write.manifest import load

# What only the service needs: data scientists rarely have it in the environment of a kernel.
_SERVER_ONLY = frozenset({"fastapi", "uvicorn", "msgspec", "prometheus-client", "pyarrow", "click"})


def environment_of(
    modules: Modules, project: Path, python: str | None = None, kernel: str = ""
) -> Environment:
    """Return the environment to pin for a package that is written to ``project``.

    Args:
        modules: of the package.
        project: its folder; what an earlier conversion recorded there counts.
        python: the interpreter of the notebook's environment, None when nobody named one.
        kernel: the name of the kernel in the notebook.

    Raises:
        NotebookError: ``python`` cannot be run.
    """
    outdated = ""
    if python is not None:
        site = installed_in(python)
        if not too_old(site.python):
            return _described(modules, site)
        outdated = site.python
    recorded = _recorded(project)
    if python is None and not (recorded and recorded.chosen):
        theirs = _of_kernel(modules, kernel)
        if theirs is not None:
            return theirs
    here = replace(_described(modules), outdated=outdated)
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
        training=_still_training(recorded, modules),
    )


def _described(modules: Modules, site: Installed | None = None) -> Environment:
    training = modules.train_only_imports
    return current(modules.imports, modules.requirements, site, training)


def _still_training(recorded: Environment, modules: Modules) -> tuple[str, ...]:
    """Return what of a recorded lock only training needs; nothing where a service may need more by now."""
    direct = distributions_of(modules.train_only_imports)
    before = {name for name in recorded.training if name in {normal(n) for n, _ in recorded.pins}}
    return recorded.training if before <= direct else ()


def pandas_of(project: Path, python: str | None = None, kernel: str = "") -> str:
    """Return the version of pandas in the environment of a notebook, by the same order as ``environment_of``; empty when unknown."""
    if python is not None:
        return installed_in(python).version("pandas") or ""
    recorded = _recorded(project)
    pinned = dict(recorded.pins).get("pandas", "") if recorded else ""
    if recorded and recorded.chosen:
        return pinned
    theirs = python_of(kernel)
    try:
        found = installed_in(theirs).version("pandas") if theirs else None
    except NotebookError:
        found = None
    site = here()
    if recorded and not found and not all(site.version(name) for name, _ in recorded.pins):
        return pinned
    return found or site.version("pandas") or pinned


def _of_kernel(modules: Modules, kernel: str) -> Environment | None:
    """Describe the environment of a kernel, None when it cannot be the notebook's."""
    python = python_of(kernel)
    try:
        site = installed_in(python) if python else None
    except NotebookError:
        return None
    if site is None or too_old(site.python):
        return None
    found = _described(modules, site)
    if set(found.missing) - _SERVER_ONLY:
        return None
    return replace(found, chosen=False, kernel=kernel)


def not_installed(environment: Environment) -> Iterator[Finding]:
    """Yield findings where versions are unknown, not the notebook's, or from another environment."""
    if environment.outdated:
        needed = ".".join(map(str, OLDEST))
        yield Finding(
            "W-OLD-PYTHON",
            f"the notebook's Python {environment.outdated} cannot run the package, which needs {needed}: "
            "it pins the libraries of this environment instead",
            advice="run `nbprod verify` with the same --python: it compares the two",
        )
    where = f"in the environment of kernel {environment.kernel}" if environment.kernel else "here"
    if environment.kernel:
        message = f"the package pins the versions {where}, which the notebook names"
        yield Finding("I-KERNEL", message, advice="choose another one with --python or --kernel")
    if environment.missing:
        names = ", ".join(environment.missing)
        yield Finding(
            "W-NOT-INSTALLED",
            f"not installed {where}, so the package cannot pin a version: {names}",
            advice="convert in the environment of the notebook",
        )


def yanked_pins(environment: Environment) -> Iterator[Finding]:
    """Yield a finding for each release of the lock that was yanked from the index."""
    for line in environment.lock:
        name, _, version = line.partition("==")
        name = name.partition("[")[0]
        release = yanked(name, version) if version else None
        if release is not None:
            message, advice = told(name, version, release)
            advice = f"{advice} in the environment of the notebook, and convert again"
            yield Finding("W-YANKED", message, advice=advice)


def pinned_python(project: Path) -> str | None:
    """Return the interpreter of the kernel whose versions a project pins, None when that is unknown here."""
    recorded = _recorded(project)
    return python_of(recorded.kernel) if recorded else None


def _recorded(project: Path) -> Environment | None:
    try:
        stored = (load(project) or {})["environment"]
        return Environment(
            stored["python"],
            tuple(sorted(stored["pins"].items())),
            tuple(stored["lock"]),
            tuple(name for name, version in stored["pins"].items() if not version),
            chosen=stored.get("chosen") is True,
            kernel=str(stored.get("kernel") or ""),
            training=tuple(str(name) for name in stored.get("training", ())),
        )
    except (NotebookError, KeyError, TypeError, AttributeError):
        return None


__all__ = ["environment_of", "not_installed", "pandas_of", "pinned_python", "yanked_pins"]
