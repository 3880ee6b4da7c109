"""Interpreters that are older than the package, and pins other than what ran."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import nbprod.verify
from nbprod import interpreter
from nbprod.verify import versions
from nbprod.verify.evidence import Evidence
from nbprod.verify.project import Project

PROBE = Path(nbprod.verify.__file__).parent


def test_a_package_that_the_notebooks_python_cannot_run_is_verified_at_most(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interpreter, "OLDEST", (99, 0))

    verdict = shop.verify()

    assert [check.id for check in verdict.checks if not check.green] == []
    assert "W-OLD-PYTHON" in {finding.code for finding in verdict.findings}
    assert verdict.level == "verified"


def test_the_package_runs_in_another_interpreter_only_where_it_must() -> None:
    assert versions.package_python({"python": "3.11.7"}, "/env/python", "/new/python") == (
        "/env/python"
    )
    assert versions.package_python({"python": "3.6.15"}, "/env/python", "/new/python") == (
        "/new/python"
    )
    assert versions.package_python({"python": "3.6.15"}, "/env/python", None) == sys.executable


def reported(pins: dict[str, str], theirs: dict[str, str], ours: dict[str, str]) -> Evidence:
    """Report a run of the notebook with ``theirs`` and of the package with ``ours``."""
    evidence = Evidence()
    evidence.facts.update(
        python=theirs.pop("Python"),
        versions=theirs,
        package_python=ours.pop("Python"),
        package_versions=ours,
    )
    versions.report(Project(Path(), "cafe", {}, "", pins), evidence)
    return evidence


def test_what_ran_but_is_not_pinned_is_named() -> None:
    ran = {"Python": "3.11.7", "pandas": "1.5.3", "numpy": "1.23.5"}
    evidence = reported({"pandas": "2.3.3", "numpy": "1.23.5", "scipy": ""}, dict(ran), dict(ran))
    (found,) = evidence.findings
    assert found.code == "W-PINS"
    assert found.message == "this ran with pandas 1.5.3, the project pins pandas 2.3.3"
    assert len(evidence.assumptions) == 1


def test_what_ran_as_pinned_needs_no_word() -> None:
    ran = {"Python": "3.11.7", "pandas": "2.3.3"}
    evidence = reported({"pandas": "2.3.3", "fastapi": "0.1"}, dict(ran), dict(ran))
    assert (evidence.findings, evidence.assumptions) == ([], [])


def test_libraries_of_both_sides_are_named() -> None:
    theirs = {"Python": "3.6.15", "pandas": "0.25.3", "scipy": "1.2.3"}
    ours = {"Python": "3.11.7", "pandas": "2.3.3", "scipy": "1.2.3"}
    (found,) = reported({}, theirs, ours).findings
    assert "with Python 3.6.15, pandas 0.25.3, the package with Python 3.11.7, pandas 2.3.3" in (
        found.message
    )


def test_modules_of_the_notebooks_process_compile_without_annotations() -> None:
    code = f"""
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, {str(PROBE)!r})
from probe import postponed
postponed.install({str(PROBE / "probe")!r})
from probe import storage, tables
from probe.notebook import run
assert not tables.table.__annotations__, tables.table.__annotations__
assert not run.main.__annotations__
print(tables.table([1, 2]).rows)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("2\n", "")


@pytest.mark.parametrize(
    "path",
    sorted([*PROBE.glob("probe/*.py"), *PROBE.glob("probe/notebook/*.py")]),
    ids=lambda path: path.name,
)
def test_modules_that_old_pythons_run_use_no_newer_syntax(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    newer = (ast.NamedExpr, ast.Match, ast.TryStar)
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, newer)]
    assert not [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and any(k.arg == "strict" for k in node.keywords)  # zip(strict=...) came with 3.10
    ]
