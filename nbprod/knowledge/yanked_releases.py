"""Releases that their maintainers yanked from the index: somebody may have one, nobody gets it any more."""

from __future__ import annotations

import re
from typing import NamedTuple

from nbprod.knowledge import table


class Yanked(NamedTuple):
    """Why a release was yanked, and the nearest one that was not."""

    why: str
    instead: str


def yanked(name: str, version: str) -> Yanked | None:
    """Return what is known about a release of a distribution, None where it was not yanked."""
    releases = table("yanked").get(re.sub(r"[-_.]+", "-", name).lower())
    if not isinstance(releases, dict):
        return None
    wanted = _plain(version)
    row = next((row for known, row in releases.items() if _plain(known) == wanted), None)
    return Yanked(row["why"], row["instead"]) if row else None


def told(name: str, version: str, found: Yanked) -> tuple[str, str]:
    """Return the message of a finding and its advice."""
    message = f"{name} {version} was yanked from the package index: {found.why}"
    return message, f"install {name}=={found.instead}"


def _plain(version: str) -> str:
    """Return a version without zeros that say nothing."""
    return re.sub(r"(\.0)+$", "", version.strip().lower().removeprefix("v"))


__all__ = ["Yanked", "told", "yanked"]
