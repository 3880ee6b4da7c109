"""Names that a generated package uses and never defines: a mistake that needs no data to be seen."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

RULES = "F821,F823"  # undefined names, local variables before their assignment


def keep_modules(tree: Mapping[str, str], folder: Path) -> None:
    """Write the Python files of a rendered project below ``folder``, for ``undefined_names``."""
    for name, text in tree.items():
        if name.startswith("src/") and name.endswith(".py"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")


def undefined_names(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return what ruff says of the modules below ``folder``, by the first folder below it.

    Raises:
        RuntimeError: ruff could not judge them.
    """
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--isolated", "--exit-zero"]
    command += ["--select", RULES, "--output-format", "json", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"ruff ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    found: dict[str, list[str]] = {}
    for complaint in json.loads(done.stdout or "[]"):
        place = Path(complaint["filename"]).resolve().relative_to(folder.resolve())
        line = f"{Path(*place.parts[1:])}:{complaint['location']['row']} {complaint['message']}"
        found.setdefault(place.parts[0], []).append(line)
    return {project: tuple(lines) for project, lines in found.items()}


__all__ = ["keep_modules", "undefined_names"]
