from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from nbprod.findings import NotebookError
from nbprod.interpreter import interpreter, too_old


@pytest.fixture
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    return tmp_path / "kernels"


def kernel(kernels: Path, name: str, argv: list[str]) -> None:
    folder = kernels / name
    folder.mkdir(parents=True)
    spec = {"argv": argv, "display_name": name, "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec))


def test_a_bare_python_is_the_interpreter_that_jupyter_would_start(kernels: Path) -> None:
    kernel(kernels, "bare", ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"])
    assert interpreter(None, "bare") == sys.executable


def test_a_kernel_names_the_python_of_its_environment(kernels: Path, tmp_path: Path) -> None:
    python = tmp_path / "bin/python3"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    kernel(kernels, "own", [str(python), "-m", "ipykernel", "-f", "{connection_file}"])
    assert interpreter(None, "own") == str(python)


@pytest.mark.parametrize(
    ("name", "argv", "said"),
    [
        ("launched", ["bash", "start.sh", "{connection_file}"], "does not tell its interpreter"),
        ("gone", ["/gone/bin/python", "-m", "ipykernel_launcher"], "which is not there"),
    ],
)
def test_a_kernel_without_a_python_is_refused_with_a_way_out(
    kernels: Path, name: str, argv: list[str], said: str
) -> None:
    kernel(kernels, name, argv)
    with pytest.raises(NotebookError, match=f"{said}.*--python"):
        interpreter(None, name)


def test_an_unknown_kernel_is_told_with_those_that_are_installed(kernels: Path) -> None:
    kernel(kernels, "titanic-env", ["python", "-m", "ipykernel_launcher"])
    with pytest.raises(NotebookError, match=r"no kernel 'titanic'.*titanic-env"):
        interpreter(None, "titanic")


def test_nothing_asked_for_is_nothing_found() -> None:
    assert interpreter(None, None) is None


@pytest.mark.parametrize(
    ("version", "old"), [("3.6.15", True), ("3.10.1", True), ("3.11.0", False)]
)
def test_the_package_needs_a_python_of_its_own_age(version: str, old: bool) -> None:
    assert too_old(version) is old


def test_a_relative_path_names_the_same_python_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "env").mkdir()
    (tmp_path / "env/python").symlink_to(sys.executable)
    monkeypatch.chdir(tmp_path)
    assert interpreter("env/python", None) == str(tmp_path / "env/python")
