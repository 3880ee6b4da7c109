from __future__ import annotations

from pathlib import Path

import pytest

from nbprod.findings import Finding, NotebookError
from nbprod.project_names import project_folder
from nbprod.settings import Settings, load


def configure(folder: Path, text: str) -> Path:
    (folder / "pyproject.toml").write_text(text)
    return folder / "n.ipynb"


def test_without_a_file_the_flags_count(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    flags = Settings(name="x")
    assert load(tmp_path / "n.ipynb", flags) == flags


def test_flags_win_over_notebook_over_table_over_general(tmp_path: Path) -> None:
    path = configure(
        tmp_path,
        '[tool.nbprod]\nmodel = "a"\nname = "a"\ntargets = ["kserve"]\nstrict = true\n'
        '[tool.nbprod.notebooks."n.ipynb"]\nmodel = "b"\nname = "b"\n'
        '[tool.nbprod.notebooks."other.ipynb"]\nmodel = "z"\n',
    )
    settings = load(path, Settings(name="d"), {"name": "c"})
    assert (settings.model, settings.name, settings.targets, settings.strict) == (
        "b",
        "d",
        ("kserve",),
        True,
    )
    assert load(path, Settings(), {"name": "c"}).name == "c"


def test_output_is_a_parent_folder_in_general_and_the_project_for_one_notebook(
    tmp_path: Path,
) -> None:
    path = configure(
        tmp_path,
        '[tool.nbprod]\noutput = "services"\n[tool.nbprod.notebooks."m.ipynb"]\noutput = "special"\n',
    )
    assert project_folder(path, load(path, Settings())) == tmp_path / "services" / "n"
    other = tmp_path / "m.ipynb"
    assert project_folder(other, load(other, Settings())) == tmp_path / "special"
    assert project_folder(other, Settings()) == tmp_path / "m"


WRONG = [
    ("[tool.nbprod]\noutpt = 1", "unknown key 'outpt'; did you mean output?"),
    ("[tool.nbprod]\nzzz = 1", "unknown key 'zzz'; known are exclude"),
    ("[tool.nbprod]\nignore = 'W-X'", "ignore must be a list of strings"),
    ("[tool.nbprod]\nname = 3", "name must be a string"),
    ("[tool.nbprod]\nstrict = 'yes'", "strict must be true or false"),
    ('[tool.nbprod.notebooks."n.ipynb"]\nstrict = true', "unknown key 'strict'"),
    ("[tool.nbprod", "cannot be read"),
    ("[tool]\nnbprod = 3", "must be a table"),
    ("[tool.nbprod]\nnotebooks = 3", "must be a table"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_mistakes_in_the_table_are_errors_with_a_suggestion(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(NotebookError) as caught:
        load(configure(tmp_path, text), Settings())
    assert message in str(caught.value)
    assert "pyproject.toml" in str(caught.value)


def test_mistakes_in_the_notebook_s_metadata_name_it(tmp_path: Path) -> None:
    with pytest.raises(
        NotebookError, match=r"n\.ipynb metadata\.nbprod: unknown key 'modle'; did you mean model"
    ):
        load(configure(tmp_path, ""), Settings(), {"modle": "x"})


def test_select_ignore_and_strict() -> None:
    warning, error = Finding("W-LEAK-SPLIT", "m"), Finding("E-RANDOM", "m")
    assert Settings().reports(warning)
    assert not Settings(ignore=("W-LEAK",)).reports(warning)
    assert not Settings(select=("W-ROLE",)).reports(warning)
    assert Settings(select=("W-ROLE",), ignore=("E-",)).reports(error)
    assert (Settings().fails(warning), Settings().fails(error)) == (False, True)
    assert Settings(strict=True).fails(warning)


def test_exclude_matches_paths_and_names() -> None:
    settings = Settings(exclude=("drafts/*", "eda*.ipynb"))
    assert settings.excludes(Path("drafts/a.ipynb"))
    assert settings.excludes(Path("x/eda_1.ipynb"))
    assert not settings.excludes(Path("x/a.ipynb"))


@pytest.mark.parametrize(
    "output", ["../elsewhere", "/tmp/elsewhere", "a/../../elsewhere", "link/x"]
)
def test_a_notebook_cannot_choose_a_folder_outside_its_own(tmp_path: Path, output: str) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path)
    with pytest.raises(NotebookError, match="output must lie in the notebook's folder"):
        load(folder / "m.ipynb", Settings(), {"output": output})
    assert load(folder / "m.ipynb", Settings(), {"output": "a/b"}).output == folder / "a/b"


def test_rows_are_kept_unless_a_file_or_a_flag_says_no(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    path = tmp_path / "n.ipynb"
    assert load(path, Settings()).keep_rows
    assert not load(path, Settings(keep_rows=False)).keep_rows
    assert not load(configure(tmp_path, "[tool.nbprod]\nkeep-rows = false\n"), Settings()).keep_rows
    with pytest.raises(NotebookError, match="keep-rows must be true or false"):
        load(configure(tmp_path, '[tool.nbprod]\nkeep-rows = "no"\n'), Settings())
