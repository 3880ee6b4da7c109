"""Modules beside a notebook become cells in front of it, line for line."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbprod.notebook import read

MODULE = '''"""Helpers."""
import numpy as np


def double(x):
    return np.add(x, x)


if __name__ == "__main__":
    print(double(2))
'''


def cells_of(folder: Path, *codes: str, **files: str) -> tuple[dict[int, str], list[str]]:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    notebook = folder / "notebook.py"
    notebook.write_text("".join(f"# %%\n{code}\n" for code in codes), "utf-8")
    found = read(notebook)
    codes_by_number = {cell.number: cell.code.strip() for cell in found.code_cells}
    return codes_by_number, [f.code for f in found.findings]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import numpy as np\nprint(np.pi)", "import numpy as np\nprint(np.pi)"),
        ("from elsewhere import double\ndouble(1)", "from elsewhere import double\ndouble(1)"),
        ("from helpers import double\ndouble(1)", "pass\ndouble(1)"),
        ("from helpers import (\n    double as d,\n)\nd(1)", "pass\n\n\ndouble(1)"),
        ("import helpers\nhelpers.double(helpers.np.pi)", "pass\ndouble(np.pi)"),
        ("import helpers as h; ä = h.double('ä')", "pass; ä = double('ä')"),
        ("from helpers import double as d\nd = d(1)", "d = double\nd = d(1)"),
    ],
    ids=["library", "not here", "from", "lines stay", "module", "bytes", "bound again"],
)
def test_imports_give_way_to_the_names(tmp_path: Path, code: str, expected: str) -> None:
    cells, findings = cells_of(tmp_path, code, helpers=MODULE)
    assert cells[1] == expected
    assert findings == []
    assert (-1 in cells) == ("helpers" in code)


def test_a_module_comes_without_what_it_does_as_a_program(tmp_path: Path) -> None:
    cells, _ = cells_of(tmp_path, "from helpers import double", helpers=MODULE)
    assert "def double" in cells[-1]
    assert "print" not in cells[-1]


def test_what_a_module_imports_comes_before_it(tmp_path: Path) -> None:
    first = "from parts import one\n\n\ndef two():\n    return one() + 1\n"
    second = "def one():\n    return 1\n"
    cells, _ = cells_of(tmp_path, "from helpers import two", helpers=first, parts=second)
    assert ["def one" in cells[-2], "def two" in cells[-1]] == [True, True]


def test_modules_in_folders_and_other_cells(tmp_path: Path) -> None:
    cells, _ = cells_of(tmp_path, "import more.tools as t", "t.double(1)", more__tools=MODULE)
    assert cells[2] == "double(1)"


def test_two_meanings_of_a_name_are_refused(tmp_path: Path) -> None:
    module = "limit = 3\n\n\ndef cut(x):\n    return min(x, limit)\n"
    _, findings = cells_of(tmp_path, "from helpers import cut\nlimit = 5", helpers=module)
    assert findings == ["W-LOCAL-MODULE"]


def test_a_part_of_a_package_stays_there(tmp_path: Path) -> None:
    module = "from .parts import one\n"
    cells, findings = cells_of(tmp_path, "from lib.tools import one", lib__tools=module)
    assert cells == {1: "from lib.tools import one"}
    assert findings == ["W-LOCAL-MODULE"]


def test_a_broken_module_is_told(tmp_path: Path) -> None:
    _, findings = cells_of(tmp_path, "import helpers", helpers="def (:")
    assert findings == ["W-LOCAL-MODULE"]


def test_modules_that_import_each_other_are_taken_once(tmp_path: Path) -> None:
    cells, _ = cells_of(tmp_path, "import a", a="import b\nA = 1", b="import a\nB = 2")
    assert sorted(cells) == [-2, -1, 1]


def test_run_brings_in_a_file_where_only_imports_stand_before(tmp_path: Path) -> None:
    cells, findings = cells_of(tmp_path, "import math\n%run helpers.py", "x = 1", helpers="A = 1")
    assert cells[-1].endswith("A = 1")
    assert "W-RUN" not in findings
    cells, findings = cells_of(tmp_path, "x = 1", "%run helpers.py", helpers="A = x")
    assert -1 not in cells
    assert "W-RUN" in findings
