"""Data sets of scikit-learn are read as one table, whatever way the notebook takes its parts."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.bunches import as_tables
from nbprod.flow.interpret import interpret


def rewritten(text: str) -> str:
    body = as_tables(interpret(ast.parse(text).body))
    return "\n".join(ast.unparse(statement) for statement in body)


@pytest.mark.parametrize("part", ["w.frame", "w['frame']"])
def test_a_variable_that_holds_tables_is_its_table(part: str) -> None:
    text = f"from sklearn.datasets import load_wine\nw = load_wine(as_frame=True)\ndf = {part}"
    assert rewritten(text).splitlines()[1:] == ["w = load_wine(as_frame=True).frame", "df = w"]


def test_the_label_has_the_name_that_the_data_set_gives_it() -> None:
    text = "from sklearn import datasets\nh = datasets.fetch_california_housing()\ny = h.target"
    assert rewritten(text).splitlines()[-1] == "y = h['MedHouseVal'].to_numpy()"


def test_a_data_set_that_never_knew_tables_is_put_together() -> None:
    text = "from sklearn.datasets import load_boston\nb = load_boston()\nX = b.data"
    lines = rewritten(text).splitlines()
    assert "load_boston().data" in lines[2]
    assert "as_frame" not in rewritten(text)
    assert interpret(ast.parse(text).body).final["b"].kind == "bunch"


def test_what_is_read_once_is_left_alone_the_next_time() -> None:
    text = "from sklearn.datasets import load_boston\nb = load_boston()\nX = b.data"
    flow = interpret(as_tables(interpret(ast.parse(text).body)))
    assert as_tables(flow) is flow.body
    assert list(flow.sources) == ["b"]
