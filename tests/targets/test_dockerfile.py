"""The Dockerfile passes hadolint; one with well-known faults does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.lifecycle.project import Shop

HADOLINT = Path(sys.executable).with_name("hadolint")
pytestmark = pytest.mark.skipif(not HADOLINT.exists(), reason="hadolint is not installed")


def hadolint(file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(HADOLINT), str(file)], capture_output=True, text=True, timeout=60, check=False
    )


def test_the_dockerfile_is_clean(tmp_path: Path) -> None:
    Shop(tmp_path)
    done = hadolint(tmp_path / "Dockerfile")
    assert done.returncode == 0, done.stdout


def test_a_careless_dockerfile_is_refused(tmp_path: Path) -> None:
    Shop(tmp_path)
    file = tmp_path / "Dockerfile"
    file.write_text(file.read_text() + "\nUSER root\nRUN cd /tmp\nCMD python -m shop serve\n")
    done = hadolint(file)
    assert done.returncode != 0
    assert "DL3002" in done.stdout
