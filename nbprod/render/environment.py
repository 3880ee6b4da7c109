"""The environment of the notebook: which distributions the package needs, in which versions."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

from nbprod.render.installed import Installed, here

SERVICE = (
    "fastapi",
    "uvicorn",
    "msgspec",
    "prometheus-client",
    "pyarrow",
    "numpy",
    "pandas",
    "joblib",
    "click",
    "scikit-learn",
    "scipy",
)
VERSION = re.compile(r"^[0-9][A-Za-z0-9.]*$")
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Environment:
    """What a package needs to run.

    ``pins`` maps distribution to version, with an empty version for what is in ``missing``: it is needed, but
    not installed here. ``lock`` is the closure of the pins as requirement lines. ``chosen`` says that a
    person named the environment, ``outdated`` is the version of a Python that was named, but is too old,
    ``kernel`` the name of the kernel that was asked because the notebook names it.
    """

    python: str
    pins: tuple[tuple[str, str], ...]
    lock: tuple[str, ...]
    missing: tuple[str, ...] = ()
    chosen: bool = False
    outdated: str = ""
    kernel: str = ""

    @property
    def python_minor(self) -> str:
        return ".".join(self.python.split(".")[:2])


def current(
    imports: Iterable[str], requirements: Iterable[str] = (), site: Installed | None = None
) -> Environment:
    """Describe what an environment has for the given import names; by default the running one."""
    installed = site or here()
    table = tomllib.loads(files("nbprod.render").joinpath("distributions.toml").read_text("utf-8"))
    known: dict[str, str] = table["distributions"]
    asked = _versions(requirements)
    pins: dict[str, str] = {}
    missing: list[str] = []
    wanted = [known.get(n, n) for n in sorted(set(imports)) if n not in sys.stdlib_module_names]
    for name in dict.fromkeys([*SERVICE, *wanted]):
        version = installed.version(name)
        if version is None and name not in SERVICE:
            found = installed.provider(name)
            version = installed.version(found) if found else None
            name = found or name
        if version is None:
            missing.append(name)
        pins[name] = version or asked.get(name.lower(), "")
    lock = (*closure(pins, installed), *(requirement(name, pins[name]) for name in missing))
    return Environment(
        installed.python,
        tuple(sorted(pins.items())),
        tuple(sorted(set(lock))),
        tuple(dict.fromkeys(missing)),
        chosen=site is not None,
    )


def distributions_of(imports: Iterable[str]) -> set[str]:
    """Return the names that the distributions of import names may have, written alike (``-``, small letters)."""
    table = tomllib.loads(files("nbprod.render").joinpath("distributions.toml").read_text("utf-8"))
    known: dict[str, str] = table["distributions"]
    installed = here()
    names = {known.get(n, n) for n in imports} | {installed.provider(n) or n for n in imports}
    return {normal(name) for name in names}


def normal(name: str) -> str:
    """Return the name of a distribution as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement(name: str, version: str) -> str:
    """Return the requirement line of a pin; the service needs uvicorn with its extra."""
    full = "uvicorn[standard]" if name == "uvicorn" else name
    return f"{full}=={version}" if version else full


def _versions(requirements: Iterable[str]) -> dict[str, str]:
    """Return the exact versions that the notebook installs itself."""
    exact = (text.split("==") for text in requirements if text.count("==") == 1)
    return {
        name.split("[")[0].lower(): version for name, version in exact if VERSION.match(version)
    }


def closure(pins: dict[str, str], installed: Installed) -> tuple[str, ...]:
    """Return ``name==version`` for distributions and all that they require, from their metadata."""
    from packaging.requirements import InvalidRequirement, Requirement

    done: dict[str, str] = {}
    markers = dict(installed.markers)
    waiting = [(name, frozenset[str]()) for name in pins]
    if "uvicorn" in pins:
        waiting.append(("uvicorn", frozenset(["standard"])))
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = waiting.pop()
        key = (re.sub(r"[-_.]+", "-", name).lower(), extras)
        if key in seen:
            continue
        seen.add(key)
        distribution = installed.distribution(name)
        if distribution is None:
            continue
        done[key[0]] = distribution.version
        for text in distribution.requires or ():
            try:
                requirement = Requirement(text)
            except InvalidRequirement:
                continue
            options = [{**markers, "extra": extra} for extra in extras or [""]]
            if requirement.marker is None or any(requirement.marker.evaluate(o) for o in options):
                waiting.append((requirement.name, frozenset(requirement.extras)))
    return tuple(f"{name}=={version}" for name, version in sorted(done.items()) if NAME.match(name))
