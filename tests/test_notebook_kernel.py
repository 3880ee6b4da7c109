from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from nbprod.notebook_kernel import python_of


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An interpreter of another environment, and where Jupyter looks for kernels."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    python = tmp_path / "env/bin/python3"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return python


def kernel(folder: Path, name: str, *argv: object) -> None:
    spec = folder / "kernels" / name / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": [str(word) for word in argv]}))


def test_the_python_of_another_environment_is_found(own: Path, tmp_path: Path) -> None:
    kernel(tmp_path, "titanic-env", own, "-m", "ipykernel_launcher", "-f", "{connection_file}")
    assert python_of("titanic-env") == str(own)


@pytest.mark.parametrize(
    "argv",
    [
        ("python", "-m", "ipykernel_launcher"),  # whatever Jupyter runs in
        (sys.executable, "-m", "ipykernel_launcher"),  # this one
        ("/gone/bin/python", "-m", "ipykernel_launcher"),
        ("bash", "start.sh", "-m", "ipykernel_launcher"),
        ("R", "--slave", "-e", "IRkernel::main()"),
        (),
    ],
)
def test_a_kernel_that_tells_no_other_python_is_none(own: Path, tmp_path: Path, argv: tuple[str, ...]) -> None:  # fmt: skip
    kernel(tmp_path, "k", *argv)
    assert python_of("k") is None


@pytest.mark.parametrize("name", ["", "absent", "../kernels/k", "/k", ".", "a b", "python3"])
def test_no_name_of_an_untrusted_notebook_leaves_the_folders_of_kernels(
    own: Path, tmp_path: Path, name: str
) -> None:
    kernel(tmp_path, "k", own, "-m", "ipykernel_launcher")
    assert python_of(name) is None


def test_a_damaged_kernel_is_none(own: Path, tmp_path: Path) -> None:
    kernel(tmp_path, "k")
    (tmp_path / "kernels/k/kernel.json").write_text("[")
    assert python_of("k") is None
