from __future__ import annotations

from pathlib import Path

import pytest

from nbprod.modules import build
from nbprod.notebook import read
from nbprod.render import current, render
from tests.notebook.notebooks import code, write

TOKEN = "ghp_" + "a1B2" * 9
NOOP = (
    "x = 1  # the password is asked for",
    "x = 1  # key = 'PassengerId'",
    "x = 1  # password = '<password>'",
    "x = 1  # see https://example.org/d.csv",
    "x = '# password = hunter2'",
    "x = 1  # create_engine(f'postgresql://me:{password}@db/x')",
)
SECRETS = (
    ("x = 1  # password = 'hunter2'", "x = 1  # password = '***'"),
    ("# os.environ['API_KEY'] = 'abcdef'", "# os.environ['API_KEY'] = '***'"),
    (
        "# connect(password='hunter2', user='me', token='abcdef')",
        "# connect(password='***', user='me', token='***')",
    ),
    (
        "# e = create_engine('postgresql://me:hunter2@db/x')",
        "# e = create_engine('postgresql://me:***@db/x')",
    ),
    (f"# api_key = 'v1 {TOKEN}'", "# api_key = 'v1 ***'"),
)


@pytest.mark.parametrize("source", NOOP)
def test_a_comment_without_a_secret_is_kept_as_it_is(tmp_path: Path, source: str) -> None:
    notebook = read(write(tmp_path / "n.ipynb", code(source)))
    assert notebook.code_cells[0].code == source
    assert not notebook.findings


@pytest.mark.parametrize(("source", "kept"), SECRETS)
def test_a_secret_in_a_comment_is_hidden_and_reported_by_line(
    tmp_path: Path, source: str, kept: str
) -> None:
    notebook = read(write(tmp_path / "n.ipynb", code(f"x = 1\n{source}")))
    assert notebook.code_cells[0].code == f"x = 1\n{kept}"
    (finding,) = notebook.findings
    assert (finding.code, str(finding.origin)) == ("W-SECRET", "cell 1:2")
    assert not any(secret in str(finding.as_dict()) for secret in ("hunter2", "abcdef", TOKEN))


def test_a_commented_secret_is_in_no_file_of_the_project(tmp_path: Path) -> None:
    path = tmp_path / "notebook.py"
    path.write_text(
        "# %%\nimport pandas as pd\ndf = pd.read_csv('rows.csv')\n"
        "# password = 'hunter2'\ndf['a'] = df['a'] * 2  # token: 'sdf87sdf87sdf'\n"
        "df['c'] = (\n    df['a']  # api_key = 'inside of it'\n    + 1\n)\n"
        "# %%\nfrom sklearn.svm import SVC\nmodel = SVC().fit(df[['a', 'c']], df['b'])\n"
    )
    modules = build(read(path))
    tree = render(modules, environment=current(modules.imports), data_dir="..")
    text = "\n".join(tree.values())
    assert "password = '***'" in text
    assert not [secret for secret in ("hunter2", "sdf87sdf87sdf", "inside of it") if secret in text]
