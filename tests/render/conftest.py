"""Fixtures of the rendering tests: one rendered project, its package importable, its training run."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from tests.render.passengers import PACKAGE, Project


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The rendered project with its data."""
    return Project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def trained(project: Project) -> Project:
    """The project after its first training."""
    done = project.run("train")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "v0001 champion\n"
    return project


@pytest.fixture(scope="session")
def package(project: Project) -> Iterator[Callable[[str], ModuleType]]:
    """Import a module of the rendered package by name."""
    source = str(project.root / "src")
    sys.path.insert(0, source)
    yield lambda name: importlib.import_module(f"{PACKAGE}.{name}")
    sys.path.remove(source)
