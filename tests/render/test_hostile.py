"""Text of a notebook stays text: it changes no other file and adds no instruction."""

from __future__ import annotations

import ast

import pytest

from nbprod.modules import build
from nbprod.notebook.values import Cell, Notebook
from nbprod.render import Environment, render
from nbprod.render.allow import NotAllowed, identifier, line

PAYLOADS = [
    "\nRUN rm -rf /",
    '"""\nimport os\nos.system("id")\n"""',
    "{{ 7 * 7 }}{% for x in y %}",
    "`id` $(id) ; rm -rf /",
    "'); DROP TABLE users; --",
    "\u2028\u0000\r\nENV X=1",
    "<script>alert(1)</script>",
    "../../etc/passwd",
]
NOWHERE = Environment("3.11.0", (), ())
CODE = """import pandas as pd
from sklearn.linear_model import LogisticRegression
df = pd.read_csv("data.csv")
df["a"] = df["a"].fillna(df["a"].median())  # {comment}
NAMES = [{literal}]
df["b"] = df["b"].isin(NAMES)
model = LogisticRegression()
model.fit(df[["a", "b"]], df["y"])
"""


def project(text: str) -> dict[str, str]:
    comment = " ".join(text.split()).replace("\u0000", "")
    code = CODE.format(comment=comment, literal=repr(text))
    cells = (
        Cell(1, "markdown", f"# {text}\n{text}", tags=(text,)),
        Cell(2, "code", code, code, tags=(text,)),
    )
    modules = build(Notebook("x.ipynb", text, cells), package="safe")
    return render(modules, environment=NOWHERE)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_changes_neither_the_files_nor_the_instructions(payload: str) -> None:
    calm, hostile = project("calm"), project(payload)
    assert set(hostile) == set(calm)
    for path, text in hostile.items():
        if path.endswith(".py"):
            one, two = ast.parse(calm[path]), ast.parse(text)
            assert [type(n).__name__ for n in ast.walk(two)] == [
                type(n).__name__ for n in ast.walk(one)
            ], path
        elif path in ("Dockerfile", "compose.yaml", ".dockerignore") or path.endswith(
            (".yml", ".yaml")
        ):
            assert text == calm[path]
        elif path == "pyproject.toml":
            assert text.count("\n") == calm[path].count("\n")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_only_plain_names_pass_as_identifiers(payload: str) -> None:
    with pytest.raises(NotAllowed):
        identifier(payload)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_line_is_one_printable_line_without_template_or_fence_marks(payload: str) -> None:
    text = line(payload)
    assert text.isprintable()
    assert not any(mark in text for mark in ("\n", "`", "{{", "{%", "|", '"""'))
