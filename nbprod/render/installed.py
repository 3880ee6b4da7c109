"""The distributions of an environment, this one or that of another interpreter, from their metadata."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import metadata
from pathlib import Path

from nbprod.findings import NotebookError

_ASK = """
import json, os, platform, sys
print(json.dumps({
    "paths": [path for path in sys.path if path and os.path.isdir(path)],
    "version": platform.python_version(),
    "markers": {
        "implementation_name": sys.implementation.name,
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_system": platform.system(),
        "python_full_version": platform.python_version(),
        "python_version": ".".join(platform.python_version_tuple()[:2]),
        "sys_platform": sys.platform,
    },
}))
"""
_SECONDS = 30


def public(version: str) -> str:
    """Return a version as an index has it, without the word for a build, as in ``2.4.0+cpu``."""
    return version.partition("+")[0]


@dataclass(frozen=True)
class Installed:
    """An environment; ``paths`` is None for the one that runs nbprod."""

    python: str
    paths: tuple[str, ...] | None = None
    markers: tuple[tuple[str, str], ...] = ()

    def distribution(self, name: str) -> metadata.Distribution | None:
        """Return a distribution by its name, None when it is not installed there."""
        try:
            if self.paths is None:
                return metadata.distribution(name)
            return next(iter(metadata.distributions(name=name, path=list(self.paths))), None)
        except (metadata.PackageNotFoundError, ValueError):
            return None

    def version(self, name: str) -> str | None:
        """Return the version of a distribution."""
        found = self.distribution(name)
        return public(found.version) if found else None

    def provider(self, module: str) -> str | None:
        """Return the name of the distribution that holds an importable module."""
        return self._providers.get(module)

    @cached_property
    def _providers(self) -> dict[str, str]:
        if self.paths is None:
            return {name: found[0] for name, found in metadata.packages_distributions().items()}
        found: dict[str, str] = {}
        for distribution in metadata.distributions(path=list(self.paths)):
            for module in _modules(distribution):
                found.setdefault(module, distribution.metadata["Name"])
        return found


def here() -> Installed:
    """Return the environment that runs nbprod."""
    return Installed(".".join(str(part) for part in sys.version_info[:3]))


def installed_in(python: str) -> Installed:
    """Return the environment of another interpreter, which is asked where its libraries are.

    Raises:
        NotebookError: it cannot be run.
    """
    try:
        told = json.loads(_answer(python, _changed(python)))
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise NotebookError(
            f"{python} cannot be asked for its libraries ({type(error).__name__}); "
            "give the path of a Python to --python"
        ) from None
    return Installed(told["version"], tuple(told["paths"]), tuple(sorted(told["markers"].items())))


@lru_cache(maxsize=16)
def _answer(python: str, changed: int) -> str:
    """Ask an interpreter, once as long as its file is the same: a conversion wants to know twice."""
    ran = subprocess.run(
        [python, "-c", _ASK], capture_output=True, text=True, check=True, timeout=_SECONDS, cwd=os.sep,
    )  # fmt: skip
    return ran.stdout


def _changed(python: str) -> int:
    try:
        return Path(python).stat().st_mtime_ns
    except OSError:
        return 0  # a command, or nothing: asking tells


def _modules(distribution: metadata.Distribution) -> Iterator[str]:
    """Yield the top-level names of a distribution."""
    declared = distribution.read_text("top_level.txt")
    if declared:
        yield from declared.split()
        return
    for path in distribution.files or ():
        first = path.parts[0]
        if len(path.parts) > 1 and not first.endswith((".dist-info", ".egg-info", ".data")):
            yield first
        elif path.suffix == ".py":
            yield path.stem


__all__ = ["Installed", "here", "installed_in", "public"]
