"""What files beside a notebook say about its environment: requirements.txt, environment.yml, pyproject.toml.

They come from an untrusted folder and end in a list of requirements, so only plain names with versions pass.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbprod.findings import Finding
from nbprod.notebook.requirements import installed

FILES = ("requirements.txt", "environment.yml", "environment.yaml", "pyproject.toml")
MAX_BYTES = 1_000_000
_ITEM = re.compile(r"^\s*-\s+[\"']?([^\"'#]+)")


@dataclass(frozen=True)
class Declared:
    """One requirement (``pandas==1.5.3``) and the name of the file that says so."""

    requirement: str
    file: str

    @property
    def name(self) -> str:
        """The distribution, in the normal form of PyPI."""
        return re.sub(r"[-_.]+", "-", re.split(r"[\[=<>~!]", self.requirement)[0]).lower()

    @property
    def versions(self) -> str:
        """The versions allowed, such as ``==1.5.3``; empty for any."""
        return re.sub(r"^[^=<>~!]*", "", self.requirement)


def declared(folder: Path) -> tuple[Declared, ...]:
    """Return what the files in a folder ask for, the first file first; a file that cannot be read asks for nothing."""
    found: dict[str, Declared] = {}
    for name in FILES:
        path = folder / name
        try:
            if not path.is_file() or path.stat().st_size > MAX_BYTES:
                continue
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        for words in _listed(name, text):
            for requirement in installed(f"pip install {words}"):
                entry = Declared(requirement, name)
                if entry.name != "python":
                    found.setdefault(entry.name, entry)
    return tuple(found.values())


def _listed(name: str, text: str) -> Iterator[str]:
    if name == "requirements.txt":
        for line in text.splitlines():
            yield _plain(line.split("#")[0])
    elif name == "pyproject.toml":
        yield from (_plain(item) for item in _of_project(text))
    else:
        listed = text.partition("dependencies:")[2]
        yield from (_plain(m[1]) for line in listed.splitlines() if (m := _ITEM.match(line)))


def _plain(item: str) -> str:
    """Return one requirement as one word, without its marker; options and addresses are no requirement."""
    item = item.split(";")[0].strip()
    if not item or item.startswith("-") or "://" in item or "@" in item:
        return ""
    return re.sub(r"\s+", "", item)


def _of_project(text: str) -> Iterator[str]:
    try:
        content: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    project = content.get("project", {})
    listed = project.get("dependencies", []) if isinstance(project, dict) else []
    yield from (item for item in listed if isinstance(item, str))
    tool = content.get("tool", {})
    poetry = tool.get("poetry", {}) if isinstance(tool, dict) else {}
    for name, version in (poetry.get("dependencies") or {}).items():
        exact = isinstance(version, str) and version[:1].isdigit()
        yield f"{name}=={version}" if exact else name


def differences(wanted: tuple[Declared, ...], pins: dict[str, str]) -> Iterator[Finding]:
    """Yield a finding for each pinned version that a file beside the notebook does not allow."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    versions = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pins.items()}
    for entry in wanted:
        version = versions.get(entry.name, "")
        if not version or not entry.versions:
            continue
        try:
            allowed = SpecifierSet(entry.versions).contains(version, prereleases=True)
        except InvalidSpecifier:
            continue
        if not allowed:
            yield Finding(
                "W-DECLARED",
                f"{entry.file} asks for {entry.requirement}, and the package pins {entry.name}=={version}, "
                "which is what is installed here",
                advice="convert and verify with --python, in an environment made from that file",
            )


__all__ = ["Declared", "declared", "differences"]
