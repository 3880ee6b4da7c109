"""What runs beside old notebooks stays within the syntax of Python 3.7."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import nbprod.verify.probe

PROBE = Path(nbprod.verify.probe.__file__).parent
OLD = sorted(path for path in PROBE.rglob("*.py") if "judge" not in path.parts)


@pytest.mark.parametrize("path", OLD, ids=lambda path: path.name)
def test_syntax(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"), feature_version=(3, 7))

    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not names & {"removeprefix", "removesuffix", "unparse", "cached_property"}
    keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    assert "strict" not in keywords
    assert not any(isinstance(node, ast.NamedExpr) for node in ast.walk(tree))


@pytest.mark.parametrize("path", OLD, ids=lambda path: path.name)
def test_nothing_imports_nbprod(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            assert not any(name.name.startswith("nbprod") for name in node.names)
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            assert not (node.module or "").startswith("nbprod")
