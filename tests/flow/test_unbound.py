"""Names that a program reads and nothing in it makes."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from nbprod.findings import NotebookError
from nbprod.flow.unbound import unbound
from nbprod.modules import build
from nbprod.notebook import read


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import pandas as pd\npd.read_csv('a.csv')", []),
        ("df = pd.read_csv('a.csv')\ndf.head(n)", ["pd", "n"]),
        ("from numpy import *\nlog(x)", []),
        ("def f(a, *b, **c):\n    return a, b, c, d", ["d"]),
        ("for i in range(3):\n    [j for j in [i]]\nwith open('x') as h:\n    h.read()", []),
        ("try:\n    pass\nexcept ValueError as error:\n    print(error)", []),
    ],
)
def test_only_names_bound_nowhere_are_named(source: str, names: list[str]) -> None:
    assert sorted(unbound(ast.parse(source).body)) == sorted(names)


def test_a_notebook_without_its_imports_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(
        "# %%\ndf = pd.read_csv('a.csv')\n"
        "# %%\nfrom sklearn.svm import SVC\nSVC().fit(df[['a']], df['b'])\n"
    )
    with pytest.raises(NotebookError, match=r"E-UNBOUND.*import pandas as pd"):
        build(read(path))


def test_a_name_that_a_star_import_may_bring_is_asked_for_by_name(tmp_path: Path) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(
        "# %%\nimport pandas as pd\nfrom shop.prices import *\nfrom sklearn.svm import SVC\ndf = pd.read_csv('d.csv')\n"
        "# %%\ndf['b'] = in_euro(df['a'])\nSVC().fit(df[['b']], df['y'])\n"
    )
    with pytest.raises(
        NotebookError, match=r"E-UNBOUND: cell 1:2: .* write `from shop.prices import in_euro`"
    ):
        build(read(path))
