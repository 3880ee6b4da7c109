"""The generated project as files: its package, its plan, and the notebook that it came from."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbprod.findings import Finding, NotebookError

PLAN = Path(".nbprod/plan.json")
MANIFEST = Path(".nbprod/manifest.json")


@dataclass(frozen=True)
class Project:
    """A project to judge. ``notebook_hash`` and ``pins`` are empty where none were recorded.

    ``pins`` maps distributions to the versions that were converted for.
    """

    root: Path
    package: str
    plan: dict[str, Any]
    notebook_hash: str
    pins: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> Path:
        return self.root / "src"

    @property
    def static_findings(self) -> tuple[Finding, ...]:
        """The findings of the analysis, as recorded at conversion."""
        return tuple(Finding.from_dict(found) for found in self.plan.get("findings", []))

    @property
    def paths(self) -> tuple[str, ...]:
        """The data files that the notebook reads, as written there."""
        sources = self.plan.get("sources") or self.plan.get("sink", {}).get("sources") or []
        listed = [path for source in sources for path in source.get("paths", [])]
        return tuple(dict.fromkeys([*listed, *self.plan.get("data_files", [])]))


def open_project(root: Path) -> Project:
    """Read a project's plan.

    Raises:
        NotebookError: the folder is no such project; the message says what is missing.
    """
    packages = sorted(path.parent.name for path in root.glob("src/*/features.py"))
    if not packages:
        missing = (
            "has no src/<package>/features.py" if root.is_dir() else "there is no such project"
        )
        raise NotebookError(f"{root}: {missing}; run `nbprod convert` first")
    if len(packages) > 1:
        raise NotebookError(f"{root}: several packages ({', '.join(packages)}); keep one in src/")
    plan = _read(root / PLAN, required=True)
    manifest = _read(root / MANIFEST, required=False)
    recorded = manifest.get("notebook_hash") or manifest.get("notebook", {}).get("content_hash", "")
    pins = manifest.get("environment", {}).get("pins", {})
    return Project(root, packages[0], plan, str(recorded), pins if isinstance(pins, dict) else {})


def _read(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        if required:
            raise NotebookError(f"{path}: missing; run `nbprod convert` again") from None
        return {}
    except (OSError, ValueError) as error:
        raise NotebookError(
            f"{path}: cannot be read ({error}); run `nbprod convert` again"
        ) from None
    if not isinstance(content, dict):
        raise NotebookError(f"{path}: not a JSON object; run `nbprod convert` again")
    return content
