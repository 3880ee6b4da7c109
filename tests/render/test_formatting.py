"""Everything generated is as black leaves it, though only what holds the notebook's code goes through black."""

from __future__ import annotations

from pathlib import Path

import black
import pytest

from nbprod.findings import NotebookError
from nbprod.modules import build
from nbprod.notebook import read
from nbprod.render import Environment, render
from nbprod.render.formatting import format_python, functions
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


MODULE = """import re


def first(text):
    return re.sub('a', "it's", text)  # don't


def second(text):
    '''Say 'no'.'''
    return f'{text}' + r'\\d' + 'with "both"' + ''


@first
def third(a_rather_long_parameter, another_rather_long_parameter, a_third_rather_long_parameter, d):
    return {'a': a_rather_long_parameter, 'b': another_rather_long_parameter, 'c': a_third_rather_long_parameter}
"""


def test_functions_formatted_alone_are_what_black_makes_of_the_whole() -> None:
    assert len(functions(MODULE)) > 1
    assert format_python({"a.py": MODULE}) == {"a.py": black.format_str(MODULE, mode=MODE)}


def test_a_text_that_looks_like_functions_stays_whole() -> None:
    source = "def first():\n    x = '''\n    a\n\n\ndef second():\n    b'''\n    return x\n"
    assert format_python({"a.py": source}) == {"a.py": black.format_str(source, mode=MODE)}
