"""The flat estimators of the templates, importable as one package with every family."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import jinja2
import pytest

from nbprod.render.families import all_families

TEMPLATES = Path(__file__).parents[2] / "templates/project/src/package/compiled"


class Flat:
    """The modules of the compiled form, by name."""

    def __getattr__(self, name: str) -> ModuleType:
        return importlib.import_module(f"flat_estimators.{name}")


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flat]:
    """``flat``, ``store`` and every family."""
    source = tmp_path_factory.mktemp("flat")
    package = source / "flat_estimators"
    package.mkdir()
    (package / "__init__.py").touch()
    families = all_families()
    for name in ("flat", "store", "families", "native", *families):
        text = jinja2.Template((TEMPLATES / f"{name}.py.j2").read_text("utf-8"))
        text = text.render(families=families, package="flat_estimators")
        (package / f"{name}.py").write_text(text, "utf-8")
    shutil.copyfile(TEMPLATES / "forest.c.j2", package / "forest.c")
    sys.path.insert(0, str(source))
    importlib.import_module("flat_estimators.families")
    yield Flat()
    sys.path.remove(str(source))
