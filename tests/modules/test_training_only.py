"""What only reading the training data needs is imported where it is read, and apart from what serving needs."""

from __future__ import annotations

import ast

import pytest

from nbprod.modules import build
from nbprod.modules.values import Modules
from nbprod.notebook.values import Cell, Notebook
from nbprod.render import render
from nbprod.render.environment import Environment

FIT = """from sklearn.linear_model import LinearRegression
model = LinearRegression().fit(df[['a']], df['y'])
model.predict(df[['a']])"""
SQL = """import pandas as pd
from sqlalchemy import create_engine
engine = create_engine('sqlite:///shop.db')
df = pd.read_sql('select * from t', engine)
"""


def built(text: str) -> Modules:
    return build(Notebook("n.ipynb", "n", (Cell(1, "code", text, text),)))


def test_the_library_of_a_database_is_imported_where_it_is_read() -> None:
    modules = built(SQL + FIT)
    head = [ast.unparse(n) for n in ast.parse(modules.files["data.py"]).body]
    assert not any("sqlalchemy" in line for line in head if "import" in line.split("\n")[0])
    assert "    from sqlalchemy import create_engine" in modules.files["data.py"]
    assert modules.train_only_imports == ("sqlalchemy",)


@pytest.mark.parametrize(
    ("read", "needed"),
    [
        ("pd.read_excel('shop.xlsx')", ("openpyxl",)),
        ("pd.read_excel('shop.xls')", ("xlrd",)),
        ("pd.read_csv('shop.csv')", ()),
    ],
)
def test_what_pandas_reads_with_is_needed_for_training(read: str, needed: tuple[str, ...]) -> None:
    modules = built(f"import pandas as pd\ndf = {read}\n{FIT}")
    assert modules.train_only_imports == needed
    assert set(needed) <= set(modules.imports)


def test_what_features_need_too_is_no_extra() -> None:
    text = (
        "import seaborn as sns\nimport scipy.stats\ndf = sns.load_dataset('tips')\n"
        "df['a'] = scipy.stats.norm.cdf(df['a'])\n"
    )
    modules = built(text + FIT)
    assert modules.train_only_imports == ("seaborn",)


def test_the_project_names_both_sets() -> None:
    pins = (("numpy", "2.4.0"), ("pandas", "2.3.0"), ("SQLAlchemy", "2.0.1"))
    tree = render(built(SQL + FIT), environment=Environment("3.11.0", pins, ()), data_dir="..")
    project = tree["pyproject.toml"]
    serving, _, rest = project.partition("[project.optional-dependencies]")
    assert "SQLAlchemy" not in serving
    assert '"pandas==2.3.0"' in serving
    assert '"SQLAlchemy==2.0.1"' in rest
