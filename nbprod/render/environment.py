"""The environment of the notebook: which distributions the package needs, in which versions."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

from nbprod.render.installed import Installed, here, public

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
    ``kernel`` the name of the kernel that was asked because the notebook names it. ``training`` names the
    distributions of the lock that only training needs, written alike.
    """

    python: str
    pins: tuple[tuple[str, str], ...]
    lock: tuple[str, ...]
    missing: tuple[str, ...] = ()
    chosen: bool = False
    outdated: str = ""
    kernel: str = ""
    training: tuple[str, ...] = ()

    @property
    def python_minor(self) -> str:
        return ".".join(self.python.split(".")[:2])

    @property
    def serving_lock(self) -> tuple[str, ...]:
        """The lines of the lock that a service needs."""
        return tuple(line for line in self.lock if _named(line) not in self.training)


def current(
    imports: Iterable[str],
    requirements: Iterable[str] = (),
    site: Installed | None = None,
    training: Iterable[str] = (),
) -> Environment:
    """Describe what an environment has for the given import names; by default the running one.

    ``training`` are those of them that only training needs.
    """
    installed = site or here()
    table = tomllib.loads(files("nbprod.render").joinpath("distributions.toml").read_text("utf-8"))
    known: dict[str, str] = table["distributions"]
    asked = _versions(requirements)
    pins: dict[str, str] = {}
    missing: list[str] = []
    late = {known.get(n, n) for n in training}
    serving: dict[str, str] = {}
    wanted = [known.get(n, n) for n in sorted(set(imports)) if n not in sys.stdlib_module_names]
    for name in dict.fromkeys([*SERVICE, *wanted]):
        version = installed.version(name)
        only_training = name in late
        if version is None and name not in SERVICE:
            found = installed.provider(name)
            version = installed.version(found) if found else None
            name = found or name
        if version is None:
            missing.append(name)
        pins[name] = version or asked.get(name.lower(), "")
        if not only_training:
            serving[name] = pins[name]
    lock = (*closure(pins, installed), *(requirement(name, pins[name]) for name in missing))
    return Environment(
        installed.python,
        tuple(sorted(pins.items())),
        tuple(sorted(set(lock))),
        tuple(dict.fromkeys(missing)),
        chosen=site is not None,
        training=_only(lock, (*closure(serving, installed), *serving)) if late else (),
    )


def _only(lock: Iterable[str], serving: Iterable[str]) -> tuple[str, ...]:
    """Return the distributions of ``lock`` that are not in ``serving``."""
    return tuple(sorted({_named(line) for line in lock} - {_named(line) for line in serving}))


def _named(line: str) -> str:
    found = NAME.match(line)
    return normal(found.group()) if found else ""


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
        done[key[0]] = public(distribution.version)
        for text in distribution.requires or ():
            try:
                requirement = Requirement(text)
            except InvalidRequirement:
                continue
            options = [{**markers, "extra": extra} for extra in extras or [""]]
            if requirement.marker is None or any(requirement.marker.evaluate(o) for o in options):
                waiting.append((requirement.name, frozenset(requirement.extras)))
    return tuple(f"{name}=={version}" for name, version in sorted(done.items()) if NAME.match(name))
