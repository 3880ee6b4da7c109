from __future__ import annotations

import sys
from pathlib import Path

from nbprod.lab.command import arguments, environment


def test_a_notebook_is_passed_by_name_and_never_as_an_option() -> None:
    assert arguments("convert", Path("/srv/work/-o.ipynb"))[-2:] == ["--json", "./-o.ipynb"]


def test_the_notebooks_folder_is_kept_off_the_import_path() -> None:
    assert arguments("check", Path("a.ipynb"))[:2] == [sys.executable, "-P"]


def test_only_verify_is_told_an_interpreter() -> None:
    assert arguments("verify", Path("a.ipynb"), python="/env/python")[-1] == "--python=/env/python"
    assert "--python=/env/python" not in arguments("convert", Path("a.ipynb"), python="/env/python")


def test_colour_never_reaches_the_browser() -> None:
    found = environment({"FORCE_COLOR": "1", "HOME": "/home/me"})
    assert "FORCE_COLOR" not in found
    assert found["NO_COLOR"] == "1"
    assert found["HOME"] == "/home/me"
