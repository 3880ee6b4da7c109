"""Files of Colab's dialog are read under their own names."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.uploads import by_name

HEAD = "from google.colab import files\nimport io\nuploaded = files.upload()\n"


@pytest.mark.parametrize(
    "opened",
    ["io.BytesIO(uploaded['a.csv'])", "io.StringIO(uploaded['a.csv'].decode('utf-8'))"],
)
def test_an_uploaded_file_is_a_file(opened: str) -> None:
    body = by_name(ast.parse(f"{HEAD}df = pd.read_csv({opened})").body)
    assert ast.unparse(body[-1]) == "df = pd.read_csv('a.csv')"


def test_other_texts_in_memory_stay() -> None:
    text = "df = pd.read_csv(io.StringIO(text))"
    assert ast.unparse(by_name(ast.parse(HEAD + text).body)[-1]) == text
