"""List releases that were yanked, for ``nbprod/knowledge/yanked.toml``.

    python scripts/yanked.py [--index https://pypi.org/simple] [NAME ...]

Asks the index once a distribution (PEP 691, PEP 592); without names those that the file lists. A release counts when
all its files are yanked. The reasons in the file are ours: a release without one yet is written with an empty one, and what
the index says about it is printed, for a person to put into a few words.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import tomllib
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

FILE = Path(__file__).parents[1] / "nbprod" / "knowledge" / "yanked.toml"
TYPE = "application/vnd.pypi.simple.v1+json"
HEAD = """# Releases that were yanked from the index although somebody may have them, by distribution: why, in our words, and the
# nearest release that was not. Made by scripts/yanked.py.
"""


def releases(document: dict[str, Any], name: str) -> dict[Version, str | None]:
    """Return the releases that have files, and what the index says about those that are yanked (None: nothing)."""
    found: dict[Version, list[str | None]] = {}
    for file in document["files"]:
        version = _version(file["filename"], name)
        if version is None:
            continue
        said = file.get("yanked", False)
        reason = None if said is False else said if isinstance(said, str) else ""
        found.setdefault(version, []).append(reason)
    return {
        version: None if None in said else next((text for text in said if text), "")
        for version, said in found.items()
    }


def nearest(version: Version, good: Iterable[Version]) -> Version | None:
    """Return the release to take instead: the next one of the same series, else the one before, else the next of all."""
    final = sorted(v for v in good if not v.is_prerelease)
    series = [v for v in final if v.release[:2] == version.release[:2]]
    for candidates in (
        [v for v in series if v > version],
        [v for v in reversed(final) if v < version],
        [v for v in final if v > version],
    ):
        if candidates:
            return candidates[0]
    return None


def text(table: dict[str, dict[str, dict[str, str]]], date: str) -> str:
    """Return the file."""
    lines = [HEAD, f'date = "{date}"']
    for name in sorted(table):
        lines += ["", f'["{name}"]']
        for version in sorted(table[name], key=Version):
            row = table[name][version]
            lines.append(f'"{version}" = {{ why = "{row["why"]}", instead = "{row["instead"]}" }}')
    return "\n".join(lines) + "\n"


def _version(filename: str, name: str) -> Version | None:
    stem = re.sub(r"\.(tar\.gz|tar\.bz2|zip|whl|egg|exe|rpm|msi)$", "", filename)
    spelled = "[-_.]+".join(map(re.escape, re.split(r"[-_.]+", name)))
    match = re.match(rf"{spelled}-([^-]+)", stem, re.IGNORECASE)
    try:
        return Version(match.group(1)) if match else None
    except InvalidVersion:
        return None


def _ask(index: str, name: str) -> dict[str, Any]:
    request = urllib.request.Request(f"{index.rstrip('/')}/{name}/", headers={"Accept": TYPE})
    with urllib.request.urlopen(request, timeout=60) as answer:
        document: dict[str, Any] = json.load(answer)
    return document


def main() -> None:
    """Ask the index and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--index", default="https://pypi.org/simple")
    arguments = parser.parse_args()
    known = tomllib.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    table = {name: rows for name, rows in known.items() if isinstance(rows, dict)}
    for name in arguments.names or list(table):
        found = releases(_ask(arguments.index, name), name)
        good = [version for version, said in found.items() if said is None]
        rows: dict[str, dict[str, str]] = {}
        for version, said in sorted(found.items()):
            other = nearest(version, good)
            if said is None or version.is_prerelease or other is None:
                continue
            why = table.get(name, {}).get(str(version), {}).get("why", "")
            rows[str(version)] = {"why": why, "instead": str(other)}
            if not why:
                print(f"{name} {version}: {said}")
        table[name] = rows
    FILE.write_text(text(table, dt.datetime.now(tz=dt.UTC).date().isoformat()), "utf-8")


if __name__ == "__main__":
    main()
