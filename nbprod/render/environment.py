"""The environment of the notebook: which distributions the package needs, in which versions."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from importlib.resources import files

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
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Environment:
    """``pins`` maps distribution to version, ``lock`` is their closure, ``missing`` is not installed."""

    python: str
    pins: tuple[tuple[str, str], ...]
    lock: tuple[str, ...]
    missing: tuple[str, ...] = ()

    @property
    def python_minor(self) -> str:
        return ".".join(self.python.split(".")[:2])


def current(imports: Iterable[str], requirements: Iterable[str] = ()) -> Environment:
    """Describe the running interpreter for the given import names."""
    table = tomllib.loads(files("nbprod.render").joinpath("distributions.toml").read_text("utf-8"))
    known: dict[str, str] = table["distributions"]
    pins: dict[str, str] = {}
    missing: list[str] = []
    wanted = [known.get(n, n) for n in sorted(set(imports)) if n not in sys.stdlib_module_names]
    for name in [*SERVICE, *wanted]:
        version = _version(name)
        if version is None and name not in SERVICE:
            found = _provider(name)
            version = _version(found) if found else None
            name = found or name
        if version is None:
            missing.append(name)
        else:
            pins[name] = version
    python = ".".join(str(v) for v in sys.version_info[:3])
    return Environment(python, tuple(sorted(pins.items())), closure(pins), tuple(missing))


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except (metadata.PackageNotFoundError, ValueError):
        return None


def _provider(module: str) -> str | None:
    found = metadata.packages_distributions().get(module)
    return found[0] if found else None


def closure(pins: dict[str, str]) -> tuple[str, ...]:
    """Return ``name==version`` for distributions and all that they require, from their metadata."""
    from packaging.requirements import InvalidRequirement, Requirement

    done: dict[str, str] = {}
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
        try:
            distribution = metadata.distribution(name)
        except (metadata.PackageNotFoundError, ValueError):
            continue
        done[key[0]] = distribution.version
        for text in distribution.requires or ():
            try:
                requirement = Requirement(text)
            except InvalidRequirement:
                continue
            options: list[dict[str, str]] = [{"extra": extra} for extra in extras] or [
                {"extra": ""}
            ]
            if requirement.marker is None or any(requirement.marker.evaluate(o) for o in options):
                waiting.append((requirement.name, frozenset(requirement.extras)))
    return tuple(f"{name}=={version}" for name, version in sorted(done.items()) if NAME.match(name))
