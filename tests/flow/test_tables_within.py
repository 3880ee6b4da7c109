"""One of several tables that a reader gives is what is read."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.tables_within import taken_out

HEAD = "import pandas as pd\nimport pickle, joblib\nimport statsmodels.api as sm\nfrom sklearn.datasets import fetch_openml\n"


def last(text: str) -> tuple[str, list[str]]:
    """Return the last statement, and the expressions that are read as tables."""
    body = taken_out(ast.parse(HEAD + text).body)
    marked = [ast.unparse(n) for s in body for n in ast.walk(s) if hasattr(n, "table")]
    return ast.unparse(body[-1]), marked


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("df = pd.read_html('a.html')[0]", "pd.read_html('a.html')[0]"),
        ("t = pd.read_html('a.html')\ndf = t[1]", "pd.read_html('a.html')[1]"),
        (
            "s = pd.read_excel('a.xlsx', sheet_name=None)\ndf = s['b']",
            "pd.read_excel('a.xlsx', sheet_name=None)['b']",
        ),
        (
            "s = pd.read_excel('a.xlsx', sheet_name=['b', 'c'])\ndf = pd.concat(s.values())",
            "pd.concat(pd.read_excel('a.xlsx', sheet_name=['b', 'c']).values())",
        ),
        ("df = sm.datasets.fair.load_pandas().data", "sm.datasets.fair.load_pandas().data"),
        (
            "d = sm.datasets.get_rdataset('a', 'b')\ndf = d.data",
            "sm.datasets.get_rdataset('a', 'b').data",
        ),
        ("d = fetch_openml('a')\ndf = d.frame", "fetch_openml('a').frame"),
    ],
)
def test_a_part_is_read(text: str, read: str) -> None:
    assert last(text) == (f"df = {read}", [read])


def test_a_workbook_is_read_sheet_by_sheet() -> None:
    text = "book = pd.ExcelFile('a.xlsx')\none = book.parse('b')\ntwo = pd.read_excel(book, 'c')"
    assert last(text)[0] == "two = pd.read_excel('a.xlsx', 'c')"
    assert last(text.rsplit("\n", 1)[0])[0] == "one = pd.read_excel('a.xlsx', 'b')"


@pytest.mark.parametrize("use", ["df.describe()", "X = df[['a', 'b']]", "df.columns"])
@pytest.mark.parametrize("load", ["pickle.load(open('a.pkl', 'rb'))", "joblib.load('a.joblib')"])
def test_a_pickle_holds_a_table_where_it_is_used_as_one(load: str, use: str) -> None:
    assert last(f"df = {load}\n{use}")[1] == [load]


@pytest.mark.parametrize(
    "text",
    [
        "model = joblib.load('a.joblib')\nmodel.predict(X)",
        "parts = joblib.load('a.joblib')\nX = parts['X']",
        "df = pd.read_excel('a.xlsx', sheet_name=0)\nX = df['a']",
        "df = pd.read_excel('a.xlsx', 'b')\nX = df['a']",
        "t = pd.read_html('a.html')\nt = [x for x in t]\ndf = t[0]",
        "d = fetch_openml('a')\nprint(d.DESCR)",
    ],
)
def test_anything_else_stays(text: str) -> None:
    assert last(text) == (ast.unparse(ast.parse(text).body[-1]), [])
