"""Notebooks of Colab run where Colab is not: nothing is mounted, uploaded files are those beside the notebook."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HEAD = "from nbprod.verify.probe.notebook.surroundings import prepare\nprepare()\n"


def run(code: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", HEAD + code],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout or done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("from google.colab import drive\ndrive.mount('/content/drive')\nprint('on')", "on\n"),
        (
            "from google.colab import files\nup = files.upload()\nprint(list(up), up['a.csv'])",
            "['a.csv'] b'x\\n'\n",
        ),
        ("import google.colab\nup = google.colab.files.upload()\nprint(len(up))", "1\n"),
        (
            "import google.nothing",
            "ModuleNotFoundError: No module named 'google.nothing'",
        ),
    ],
    ids=["a drive", "an upload", "by its whole name", "something else"],
)
def test_colab_is_there(code: str, printed: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x\n")
    assert run(code, tmp_path) == printed
