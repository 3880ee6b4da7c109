from __future__ import annotations

from pathlib import Path

import pytest

from nbprod.modules import build
from nbprod.notebook import read
from nbprod.notebook.secret_values import secrets_in
from nbprod.pipeline import analyse
from nbprod.render import current, render
from tests.notebook.notebooks import code, write

TOKEN = "ghp_" + "a1B2" * 9
NOOP = (
    "password = os.environ['PASSWORD']",
    "password = getpass()",
    "token = '<your token>'",
    "token_count = 'four'",
    "key = 'PassengerId'",
    "df['password'] = df['password'].fillna('none given')",
    "url = 'https://example.org/d.csv'",
    "url = f'postgresql://me:{password}@db/x'",
    "tokens = ['a', 'b']",
    "df.rename(columns={'key': 'passenger'})",
)
SECRETS = (
    ("password = 'hunter2'", "password"),
    ("DB_PASSWORD: str = 'hunter2'", "DB_PASSWORD"),
    ("config.api_key = 'abcdef'", "api_key"),
    ("os.environ['KAGGLE_KEY'] = 'x'; os.environ['API_KEY'] = 'abcdef'", "API_KEY"),
    ("connect(user='me', password='hunter2')", "password"),
    ("config = {'user': 'me', 'secret_key': 'hunter2'}", "secret_key"),
    ("engine = create_engine('postgresql://me:hunter2@db/x')", "the text"),
    (f"headers = {{'Authorization': 'token {TOKEN}'}}", "the text"),
)


@pytest.mark.parametrize("source", NOOP)
def test_what_is_no_secret_is_not_reported(tmp_path: Path, source: str) -> None:
    assert not list(secrets_in(read(write(tmp_path / "n.ipynb", code(source)))))


@pytest.mark.parametrize(("source", "name"), SECRETS)
def test_a_secret_is_reported_once_by_line_and_never_repeated(
    tmp_path: Path, source: str, name: str
) -> None:
    notebook = read(write(tmp_path / "n.ipynb", code(f"x = 1\n{source}")))
    (finding,) = secrets_in(notebook)
    assert (finding.code, str(finding.origin)) == ("W-SECRET", "cell 1:2")
    assert finding.message.startswith(f"{name} holds")
    assert not any(secret in str(finding.as_dict()) for secret in ("hunter2", "abcdef", TOKEN))


def test_a_conversion_reports_it(houses: Path) -> None:
    text = houses.read_text()
    houses.write_text(text.replace("df = pd.read_csv", "password = 'hunter2'\\ndf = pd.read_csv"))
    assert "W-SECRET" in [finding.code for finding in analyse(houses).findings]


def test_a_secret_is_in_no_file_of_the_project(tmp_path: Path) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(
        "# %%\nimport pandas as pd\nfrom sqlalchemy import create_engine\n"
        "api_key = 'sdf87sdf87sdf'\n"
        "engine = create_engine('postgresql://me:hunter2@db/shop')\n"
        "df = pd.read_sql('select * from rows', engine)\n"
        "df['a'] = df['a'] + len(api_key)\n"
        "# %%\nfrom sklearn.svm import SVC\nmodel = SVC().fit(df[['a']], df['b'])\n"
    )
    modules = build(read(path))
    tree = render(modules, environment=current(modules.imports), data_dir="..")
    text = "\n".join(tree.values())
    assert "hunter2" not in text
    assert "sdf87sdf87sdf" not in text
    assert 'os.environ["SECRET_ADDRESS"]' in tree[f"src/{modules.package}/data.py"]
    assert 'os.environ["API_KEY"]' in tree[f"src/{modules.package}/features.py"]
