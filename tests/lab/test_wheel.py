from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from nbprod.lab.stamp import LABEXTENSION

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def test_the_wheel_puts_the_labextension_where_jupyter_looks(wheel: zipfile.ZipFile) -> None:
    marker = ".data/data/share/jupyter/labextensions/nbprod/"
    packed = {
        name.partition(marker)[2]: wheel.read(name) for name in wheel.namelist() if marker in name
    }
    files = [path for path in LABEXTENSION.rglob("*") if path.is_file()]
    assert packed == {
        path.relative_to(LABEXTENSION).as_posix(): path.read_bytes() for path in files
    }


def test_the_wheel_enables_the_server_extension(wheel: zipfile.ZipFile) -> None:
    marker = ".data/data/etc/jupyter/jupyter_server_config.d/nbprod.json"
    assert [name for name in wheel.namelist() if name.endswith(marker)]
