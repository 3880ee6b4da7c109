"""A rule of lowering that is wrong costs the compiled form, never a wrong answer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nbprod.pipeline import convert

FIXTURE = Path(__file__).parents[2] / "fixtures" / "titanic-messy"


def trained(folder: Path, package: str) -> dict[str, object]:
    """Train the project in a folder and return what it noted about its compiled form."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder / "src"),
        f"{package.upper()}_REGISTRY": str(folder / "registry"),
    }
    shutil.rmtree(folder / "registry", ignore_errors=True)
    command = [sys.executable, "-m", package, "train"]
    subprocess.run(command, env=environment, check=True, capture_output=True, cwd=folder)
    noted = next((folder / "registry").rglob("compiled.json"))
    found: dict[str, object] = json.loads(noted.read_text("utf-8"))
    return found


@pytest.mark.slow
def test_a_broken_function_of_the_kernel_is_refused_and_not_served(tmp_path: Path) -> None:
    shutil.copytree(FIXTURE, tmp_path / "story")
    project = tmp_path / "project"
    convert(tmp_path / "story" / "notebook.ipynb", project, name="titanic")
    assert trained(project, "titanic")["rung"] == "compiled"
    lookup = project / "src" / "titanic" / "vector" / "fill.py"
    text = lookup.read_text("utf-8")
    right = "np.where(gaps, value, values)"
    assert right in text
    lookup.write_text(text.replace(right, "np.where(gaps, value + 9, values)"), "utf-8")
    refused = trained(project, "titanic")
    assert refused["rung"] == "kept"
    assert "differ" in str(refused["reason"])
