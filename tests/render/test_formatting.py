"""Everything generated is as black leaves it, though only what holds the notebook's code goes through black."""

from __future__ import annotations

from pathlib import Path

import black
import pytest

from nbprod.findings import NotebookError
from nbprod.modules import build
from nbprod.notebook import read
from nbprod.render import Environment, render
from nbprod.render.formatting import format_python
from nbprod.targets import all_targets

FIXTURE = Path(__file__).parents[2] / "fixtures" / "titanic-messy" / "notebook.ipynb"
MODE = black.Mode(line_length=100, target_versions={black.TargetVersion.PY311})
NOWHERE = Environment("3.11.0", (), ())


@pytest.mark.parametrize("package", ["p", "titanic", "a_name_of_forty_letters_that_goes_on_and_"])
def test_a_project_is_as_black_leaves_it(package: str) -> None:
    """When this fails: python scripts/format_templates.py."""
    modules = build(read(FIXTURE), package=package[:40])
    targets = [target.name for target in all_targets()]
    tree = render(modules, environment=NOWHERE, targets=targets)
    for path, text in tree.items():
        if path.endswith(".py"):
            assert black.format_str(text, mode=MODE) == text, path


def test_text_that_is_no_python_is_a_bug_of_ours() -> None:
    with pytest.raises(NotebookError, match=r"E-INTERNAL: a\.py .* bug of nbprod"):
        format_python({"a.py": "x = ("})
