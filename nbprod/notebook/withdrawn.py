"""Packages that a notebook installs and that are withdrawn, yanked, or go on under another name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbprod.findings import Finding, Origin
from nbprod.knowledge import table
from nbprod.knowledge.yanked_releases import told, yanked
from nbprod.notebook.requirements import installed
from nbprod.notebook.values import Notebook


def withdrawn(notebook: Notebook) -> list[Finding]:
    """Return a finding for each ``pip install`` line that names such a package."""
    successors: dict[str, str] = table("withdrawn")["withdrawn"]
    found: list[Finding] = []
    for cell in notebook.code_cells:
        if "install" not in cell.source:
            continue
        for number, line in enumerate(cell.source.splitlines(), start=1):
            for text in installed(line) if line.lstrip().startswith(("!", "%")) else ():
                name = re.sub(r"[-_.]+", "-", re.split(r"[\[=<>~!]", text)[0]).lower()
                found.extend(_yanked(name, text, Origin(cell.number, number), line))
                if name in successors:
                    found.append(
                        Finding(
                            "W-WITHDRAWN",
                            f"{name} is withdrawn, or no longer what its name says",
                            Origin(cell.number, number),
                            line.strip()[:200],
                            f"install {successors[name]}",
                        )
                    )
    return found


def _yanked(name: str, text: str, at: Origin, line: str) -> Iterator[Finding]:
    """Yield a finding where exactly one release is asked for, and that was yanked."""
    version = text.partition("==")[2]
    release = yanked(name, version) if version else None
    if release is not None:
        message, advice = told(name, version, release)
        yield Finding("W-YANKED", message, at, line.strip()[:200], advice)


__all__ = ["withdrawn"]
