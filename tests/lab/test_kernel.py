from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from nbprod.lab.kernel import interpreter

kernelspec = pytest.importorskip("jupyter_client.kernelspec")


@pytest.fixture
def kernels(tmp_path: Path) -> Any:
    def spec(name: str, *argv: str) -> None:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": name}))

    spec("plain", "python", "-m", "ipykernel_launcher", "-f", "{connection_file}")
    own = tmp_path / "envs/a/bin/python"
    own.parent.mkdir(parents=True)
    own.symlink_to(sys.executable)
    spec(
        "other",
        str(own),
        "-X",
        "dev",
        "-m",
        "ipykernel_launcher",
        "-f",
        "{connection_file}",
    )
    spec(
        "runner",
        "python",
        "-m",
        "nb_conda_kernels.runner",
        "/c",
        "/c/envs/a",
        "-m",
        "ipykernel_launcher",
    )
    spec("r", "R", "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}")
    return kernelspec.KernelSpecManager(kernel_dirs=[str(tmp_path)], ensure_native_kernel=False)


@pytest.mark.parametrize(
    ("kernel", "python"),
    [
        ("runner", ""),
        ("r", ""),
        ("absent", ""),
        ("plain", sys.executable),
        ("other", "{folder}/envs/a/bin/python"),
    ],
)
def test_the_interpreter_of_a_kernel(
    kernels: Any, tmp_path: Path, kernel: str, python: str
) -> None:
    assert interpreter(kernels, kernel) == python.replace("{folder}", str(tmp_path))
