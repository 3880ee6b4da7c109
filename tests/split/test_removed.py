"""Removed calls are reported where they are really made, with what to write instead, and nowhere else."""

from __future__ import annotations

import pytest

from nbprod.findings import Finding
from nbprod.flow.interpret import interpret
from nbprod.flow.program import parse
from nbprod.notebook.values import Cell, Notebook
from nbprod.split import removed

HEAD = "import pandas as pd\nimport numpy as np\ndf = pd.read_csv('a.csv')\n"
NOTHING = {
    "a list is appended to": "names = []\nfor c in df.columns:\n    names.append(c)",
    "a list is sorted": "names = list(df.columns)\nnames.sort()",
    "values are sorted in place": "v = df['a'].values.copy()\nv.sort()",
    "a list of a column is appended to": "v = df['a'].tolist()\nv.append(1)",
    "a string is split twice": "'a-b-c'.split('-', 1)",
    "own attribute of the same name": "class Box:\n    ix = 3\nprint(Box().ix)",
    "own function of the same name": "def mean_squared_error(a, b, squared=True):\n    return 0\nmean_squared_error(1, 2, squared=False)",
    "the new names": "np.float64(1); np.nan; pd.concat([df, df]); df.drop('a', axis=1)",
    "an own class with the keyword": "class Ridge:\n    def __init__(self, normalize):\n        pass\nRidge(normalize=True)",
    "a method of another library": "import re\nre.compile('a').split('banana', 1)",
    "a plain current model": "from sklearn.ensemble import RandomForestClassifier\nRandomForestClassifier(max_features='sqrt')",
    "the keyword of another class": "from sklearn.preprocessing import OneHotEncoder\nOneHotEncoder(sparse_output=False)",
    "a positional argument that is still taken": "df.drop(['a']); df['a'].str.split('-'); df.fillna(0)",
}
FOUND = {
    "append of a frame": ("df = df.append(df)", "append", "pd.concat"),
    "append of a column": ("s = df['a'].append(df['b'])", "append", "pd.concat"),
    "ix": ("df.ix[0]", "ix", "loc"),
    "positional axis": ("df.drop('a', 1)", "drop with more than 1 positional argument", "axis="),
    "concat by position": (
        "pd.concat([df, df], 1)",
        "concat with more than 1 positional argument",
        "axis=",
    ),
    "split of strings by position": (
        "df['a'].str.split('-', 1)",
        "split with more than 1 positional argument",
        "n=",
    ),
    "module by from": (
        "from sklearn import cross_validation",
        "sklearn.cross_validation",
        "model_selection",
    ),
    "module by import": (
        "import sklearn.grid_search as g",
        "sklearn.grid_search",
        "model_selection",
    ),
    "name of a removed module": (
        "from sklearn.cross_validation import train_test_split",
        "sklearn.cross_validation",
        "model_selection",
    ),
    "alias of a type": ("df['a'].astype(np.int)", "numpy.int", "int"),
    "deep path": ("pd.io.data.get('x')", "pandas.io.data", "pandas-datareader"),
    "keyword of a class": (
        "from sklearn.linear_model import Ridge\nRidge(normalize=True)",
        "Ridge(normalize=)",
        "StandardScaler",
    ),
    "keyword through a module": (
        "from sklearn import linear_model\nlinear_model.Ridge(normalize=True)",
        "Ridge(normalize=)",
        "StandardScaler",
    ),
    "keyword of a function": (
        "pd.read_csv('b.csv', error_bad_lines=False)",
        "read_csv(error_bad_lines=)",
        "on_bad_lines",
    ),
    "value of a keyword": (
        "from sklearn.ensemble import RandomForestRegressor\nRandomForestRegressor(max_features='auto')",
        "RandomForestRegressor(max_features='auto')",
        "1.0",
    ),
    "method of an estimator": (
        "from sklearn.preprocessing import OneHotEncoder\ne = OneHotEncoder().fit(df)\ne.get_feature_names()",
        "get_feature_names",
        "get_feature_names_out",
    ),
    "dates": ("df['a'].dt.weekofyear", "weekofyear", "isocalendar"),
    "removed from Python": ("import time\ntime.clock()", "time.clock", "perf_counter"),
}


@pytest.fixture(autouse=True)
def _current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removed, "installed_version", lambda library: "99.0")


def found(code: str) -> list[Finding]:
    source = HEAD + code
    cell = Cell(1, "code", source, source)
    program = parse(Notebook("n.ipynb", "n", (cell,)))
    return removed.removed_calls(interpret(program.body), program.body, source)


@pytest.mark.parametrize("code", NOTHING.values(), ids=NOTHING)
def test_nothing_is_said_of(code: str) -> None:
    assert found(code) == []


@pytest.mark.parametrize(("code", "call", "instead"), FOUND.values(), ids=FOUND)
def test_is_reported_with_what_to_write(code: str, call: str, instead: str) -> None:
    last = HEAD.count("\n") + code.count("\n") + 1

    (finding,) = found(code)

    assert finding.code == "W-REMOVED-API"
    assert finding.message.startswith(f"{call} is gone since ")
    assert instead in finding.advice
    assert finding.origin is not None
    assert finding.origin.line == last


def test_the_use_of_an_import_that_was_reported_is_not_reported_again() -> None:
    code = (
        "from sklearn import cross_validation\ncross_validation.KFold(3)\ncross_validation.KFold(5)"
    )

    assert len(found(code)) == 1


def test_a_version_that_still_has_the_call_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removed, "installed_version", lambda library: "1.5.3")

    assert found("df = df.append(df)") == []
