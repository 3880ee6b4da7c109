"""Packages that a notebook installs and that are withdrawn, or go on under another name."""

from __future__ import annotations

import re

from nbprod.findings import Finding, Origin
from nbprod.knowledge import table
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


__all__ = ["withdrawn"]
