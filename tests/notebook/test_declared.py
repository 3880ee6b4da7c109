"""Files beside a notebook say what it needs; what is no plain requirement is not taken over."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbprod.notebook.declared import Declared, declared, differences
from nbprod.notebook.values import Cell, Notebook
from nbprod.notebook.withdrawn import withdrawn

FILES = {
    "nothing": ("requirements.txt", "# only a comment\n\n", []),
    "options and addresses": (
        "requirements.txt",
        "-r other.txt\n--index-url https://a.example\ngit+https://a.example/x.git\nx @ file:///x\n",
        [],
    ),
    "a command hidden in a name": ("requirements.txt", "pandas$(rm -rf)\n`x`\n", []),
    "requirements": (
        "requirements.txt",
        "pandas == 1.5.3  # the old one\nscikit_learn>=1.2,<1.3\nnumpy; python_version < '3.9'\n",
        ["pandas==1.5.3", "scikit_learn>=1.2,<1.3", "numpy"],
    ),
    "conda": (
        "environment.yml",
        "name: x\nchannels:\n  - defaults\ndependencies:\n  - python=3.9\n  - pandas=1.5\n  - pip:\n    - xgboost==1.7\n",
        ["pandas==1.5", "xgboost==1.7"],
    ),
    "a project": (
        "pyproject.toml",
        "[project]\nname='x'\ndependencies=['pandas>=2', 'numpy']\n[tool.poetry.dependencies]\nscipy='1.11.1'\nattrs='^23'\n",
        ["pandas>=2", "numpy", "scipy==1.11.1", "attrs"],
    ),
    "a broken project": ("pyproject.toml", "[project\n", []),
    "no text": ("requirements.txt", "\udcff", []),
}


@pytest.mark.parametrize(("name", "text", "expected"), FILES.values(), ids=FILES)
def test_a_file_is_read(tmp_path: Path, name: str, text: str, expected: list[str]) -> None:
    (tmp_path / name).write_bytes(text.encode("utf-8", "surrogateescape"))

    assert [entry.requirement for entry in declared(tmp_path)] == expected


def test_the_first_file_that_names_a_package_counts(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("pandas==1.5.3\n")
    (tmp_path / "pyproject.toml").write_text("[project]\ndependencies=['Pandas>=2']\n")

    assert declared(tmp_path) == (Declared("pandas==1.5.3", "requirements.txt"),)


def test_a_version_that_is_not_allowed_is_told() -> None:
    wanted = (
        Declared("pandas==1.5.3", "requirements.txt"),
        Declared("scikit_learn>=1.2", "requirements.txt"),
        Declared("numpy", "requirements.txt"),
        Declared("absent==1", "requirements.txt"),
    )

    (finding,) = differences(wanted, {"pandas": "2.3.3", "scikit-learn": "1.4", "numpy": "2"})

    assert finding.code == "W-DECLARED"
    assert "pandas==1.5.3" in finding.message
    assert "2.3.3" in finding.message


def test_withdrawn_packages_are_told_with_their_line() -> None:
    source = "!pip install pandas\n!pip install -q sklearn numpy\nprint('pip install sklearn')"
    notebook = Notebook("n.ipynb", "n", (Cell(4, "code", source, "pass\npass\npass"),))

    (finding,) = withdrawn(notebook)

    assert (finding.code, finding.advice) == ("W-WITHDRAWN", "install scikit-learn")
    assert finding.origin is not None
    assert (finding.origin.cell, finding.origin.line) == (4, 2)
