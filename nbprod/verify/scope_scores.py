"""The score that was learned honestly beside the one that the notebook's own way of learning gives.

Both are scores of the rows that the notebook's split holds back: once of the project, which learns from the training part alone,
once of the same notebook converted as it is.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbprod.findings import NotebookError
from nbprod.verify.project import Project
from nbprod.verify.run import Run
from nbprod.verify.workspace import Workspace


def scores(
    notebooks: Sequence[Path], project: Project, space: Workspace, run: Run
) -> dict[str, Any]:
    """Train both packages on the copy of the notebook's folder; return their metrics, or what kept them from it."""
    from nbprod.pipeline import analyse, write_project
    from nbprod.settings import Settings

    run.progress("scores of both fit scopes")
    plain = space.root / "as_the_notebook"
    try:
        flags = Settings(plain, project.package, project.plan.get("fit_model") or None)
        first, *then = notebooks
        write_project(analyse(first, flags, then=then))
        found = {
            "train": _trained(project.root, project.package, space, run),
            "notebook": _trained(plain, project.package, space, run),
        }
    except (NotebookError, OSError, ValueError, subprocess.SubprocessError) as error:
        return {"rows": "train", "problem": " ".join(str(error).split())[:300]}
    return {"rows": "train", "scores": found}


def _trained(root: Path, package: str, space: Workspace, run: Run) -> dict[str, Any]:
    space.restore()
    prefix = package.upper()
    environment = {
        **os.environ,
        "PYTHONPATH": str((root / "src").resolve()),
        "PYTHONDONTWRITEBYTECODE": "1",
        f"{prefix}_DATA_DIR": str(space.folder),
        f"{prefix}_REGISTRY": str(space.root / f"registry-{root.name}"),
    }
    ran = subprocess.run(
        [run.python, "-m", package, "train"], capture_output=True, text=True, env=environment,
        cwd=space.folder, timeout=run.limits.seconds, check=False,
    )  # fmt: skip
    if ran.returncode:
        raise ValueError(f"training failed: {ran.stderr.strip().splitlines()[-1:]}")
    metrics: dict[str, Any] = json.loads(ran.stderr.strip().splitlines()[-1])
    return metrics


def told(facts: dict[str, Any]) -> str:
    """Return both scores in one line, or what kept them from being compared; empty without a fit scope."""
    scope = facts.get("fit_scope")
    if not scope:
        return ""
    if "scores" not in scope:
        return f"learned from the training part alone; scores not compared ({scope['problem']})"
    honest, leaky = scope["scores"]["train"], scope["scores"]["notebook"]
    shared = [
        name for name, value in honest.items()
        if isinstance(value, float) and isinstance(leaky.get(name), float)
    ]  # fmt: skip
    pairs = ", ".join(f"{name} {honest[name]:.4g} (notebook {leaky[name]:.4g})" for name in shared)
    return f"learned from the training part alone: {pairs}"


__all__ = ["scores", "told"]
