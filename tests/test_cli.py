from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from nbprod import __version__, console
from nbprod.cli import cli, run
from tests.notebook.notebooks import code, document, write
from tests.notebook.test_reader import BAD


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_convert_writes_a_project_beside_the_notebook(
    houses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = houses.read_bytes()
    assert run(["convert", str(houses)]) == 0
    out = capsys.readouterr().out
    project = houses.parent / "houses"
    assert (project / "src/houses/features.py").is_file()
    assert "8 cells: 6 code, 0 tagged, 6 inferred" in out
    assert "1 learned value" in out
    assert "UNVERIFIED" in out
    assert houses.read_bytes() == before
    manifest = json.loads((project / ".nbprod/manifest.json").read_text())
    assert manifest["notebook"]["name"] == "houses.ipynb"


def test_converting_again_changes_nothing_and_diff_agrees(
    houses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["convert", str(houses)]) == 0
    assert run(["diff", str(houses)]) == 0
    capsys.readouterr()
    assert run(["convert", str(houses), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {entry["status"] for entry in document["files"]} == {"unchanged"}


def test_check_says_when_the_project_is_behind_and_convert_brings_it_up(
    houses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(houses)]) == 0
    assert run(["convert", str(houses)]) == 0
    assert run(["check", str(houses)]) == 0
    features = houses.parent / "houses/src/houses/features.py"
    features.write_text(features.read_text() + "\n# mine\n")
    edit(houses, ".median()", ".mean()")
    capsys.readouterr()
    assert run(["check", str(houses)]) == 1
    assert "E-BEHIND" in capsys.readouterr().out
    assert run(["diff", str(houses)]) == 1
    shown = capsys.readouterr().out
    assert ".mean()" in shown
    assert "mine" not in [line.strip("# ") for line in shown.splitlines() if line.startswith("-")]
    assert run(["convert", str(houses)]) == 0
    assert ".mean()" in features.read_text()
    assert features.read_text().endswith("# mine\n")
    assert run(["check", str(houses)]) == 0


def test_a_conflict_is_listed_and_exits_1(houses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["convert", str(houses)]) == 0
    features = houses.parent / "houses/src/houses/features.py"
    edit(features, ".median()", ".quantile(0.4)")
    edit(houses, ".median()", ".mean()")
    assert run(["convert", str(houses)]) == 1
    assert "src/houses/features.py" in capsys.readouterr().out
    text = features.read_text()
    assert ".quantile(0.4)" in text
    assert ".mean()" in text
    assert run(["convert", str(houses)]) == 2
    assert "unresolved conflict markers" in capsys.readouterr().err
    assert run(["check", str(houses)]) == 1
    assert "E-CONFLICT" in capsys.readouterr().out
    features.write_text(
        "# mine\n" + features.read_text().replace("<<<<<<< ", "# ").replace(">>>>>>> ", "# ")
    )
    assert run(["check", str(houses)]) == 0


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line_exit_2_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text(BAD[name][0])
    assert run(["convert", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    assert line.startswith(f"error: {path}")
    assert [entry.name for entry in tmp_path.iterdir()] == ["n.ipynb"]


@pytest.mark.parametrize("command", ["convert", "diff", "verify"])
def test_a_notebook_without_a_model_is_named_in_the_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    path = write(tmp_path / "n.ipynb", code("import pandas as pd\ndf = pd.read_csv('d.csv')"))
    assert run([command, str(path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"error: {path}" if command != "verify" else "error: ")


def test_a_refused_notebook_writes_nothing_and_exits_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(
        tmp_path / "n.ipynb",
        code(
            "import pandas as pd\nfrom sklearn.linear_model import LinearRegression\ndf = pd.read_csv('d.csv')"
        ),
        code("df['r'] = df['a'].rank()\nm = LinearRegression()\nm.fit(df[['r']], df['y'])"),
    )
    assert run(["convert", str(path)]) == 1
    out = capsys.readouterr().out
    assert "cell 2:1" in out
    assert "E-CROSS-ROW" in out
    assert "REFUSED" in out
    assert [entry.name for entry in tmp_path.iterdir()] == ["n.ipynb"]


def test_a_broken_cell_on_the_way_to_the_model_refuses_and_elsewhere_only_warns(
    houses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(houses, "df.head()", "df.head()")
    content = json.loads(houses.read_text())
    content["cells"].insert(3, code("fig = = 1"))
    houses.write_text(json.dumps(content))
    assert run(["convert", str(houses)]) == 0
    assert "W-SYNTAX" in capsys.readouterr().out
    content["cells"].insert(3, code("df['area'] = = 1"))
    houses.write_text(json.dumps(content))
    assert run(["convert", str(houses)]) == 2
    assert f"{houses}:4:1: the cell is not valid Python 3" in capsys.readouterr().err


HINTS = [
    (["chek"], "did you mean check?; see `nbprod --help`"),
    (["check", "--ignore", "W-LEKA", "x.ipynb"], "did you mean W-LEAK-DUPLICATES?"),
    (["check", "--select", "LEAK", "x.ipynb"], "select: no finding begins with 'LEAK'"),
    (["check", "--format", "gitub", "x.ipynb"], "'text', 'json', 'github', 'sarif'"),
    (["convert", "--target", "kubernets", "{houses}"], "did you mean kubernetes?"),
    (["convert", "--model", "modle", "{houses}"], "did you mean model?"),
    (["convert", "--kernel", "pyton3", "{houses}"], "no kernel 'pyton3'; installed are: "),
    (["verify", "{houses}"], "there is no such project; run `nbprod convert` first"),
    (["x.ipynb"], "did you mean `nbprod convert x.ipynb`?"),
    (["explain", "W-ROLE-CONFLIT"], "did you mean W-ROLE-CONFLICT?"),
    (["convert"], "Missing argument 'NOTEBOOKS...'"),
    (["convert", "--forec", "x.ipynb"], "--force"),
]


@pytest.mark.parametrize(("arguments", "hint"), HINTS)
def test_wrong_usage_gets_a_hint_in_one_line_and_exit_2(
    houses: Path, arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([argument.format(houses=houses) for argument in arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert hint in line


def test_nothing_to_do_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    said = capsys.readouterr().err
    assert said.startswith("Usage: nbprod")
    assert "nbprod convert titanic.ipynb" in said


COMMANDS = ("check", "convert", "diff", "explain", "rules", "tag", "verify")


def test_every_command_is_in_the_table_of_exit_codes() -> None:
    with click.Context(cli) as context:
        assert tuple(cli.list_commands(context)) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    assert f"Examples:\n    nbprod {command}" in capsys.readouterr().out


# What happens to a notebook, what is run then, and the exit code; verify has tests of its own.
EXIT_CODES = [
    ("as it is", ["check", "{houses}"], 0),
    ("refused", ["check", "{houses}"], 1),
    ("unreadable", ["check", "{houses}"], 2),
    ("as it is", ["convert", "{houses}"], 0),
    ("refused", ["convert", "{houses}"], 1),
    ("unreadable", ["convert", "{houses}"], 2),
    ("converted", ["diff", "{houses}"], 0),
    ("as it is", ["diff", "{houses}"], 1),
    ("refused", ["diff", "{houses}"], 1),
    ("unreadable", ["diff", "{houses}"], 2),
    ("as it is", ["tag", "{houses}"], 0),
    ("refused", ["tag", "{houses}"], 0),
    ("unreadable", ["tag", "{houses}"], 2),
    ("as it is", ["verify", "{houses}"], 2),
    ("unreadable", ["verify", "{houses}"], 2),
    ("as it is", ["explain", "E-BEHIND"], 0),
    ("as it is", ["explain", "E-NOTHING"], 2),
    ("as it is", ["rules"], 0),
    ("as it is", ["rules", "x"], 2),
]


@pytest.mark.parametrize(("state", "arguments", "code"), EXIT_CODES)
def test_exit_codes(houses: Path, state: str, arguments: list[str], code: int) -> None:
    if state == "refused":
        edit(houses, ".median()", ".shift(1)")
    elif state == "unreadable":
        houses.write_text("{")
    elif state == "converted":
        assert run(["convert", "-q", str(houses)]) == 0
    assert run([argument.format(houses=houses) for argument in arguments]) == code


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "{houses}"],
        ["convert", "{houses}"],
        ["diff", "{houses}"],
        ["tag", "{houses}"],
        ["explain", "E-BEHIND"],
        ["rules"],
    ],
)
def test_json_is_one_document_and_nothing_else(
    houses: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run([*(argument.format(houses=houses) for argument in arguments), "--json"])
    json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("arguments", [["diff", "-q"], ["tag", "-q"], ["check", "-q"]])
def test_quiet_says_nothing_but_the_exit_code(
    houses: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run([*arguments, str(houses)])
    assert capsys.readouterr() == ("", "")


def test_a_diff_without_a_difference_says_so(
    houses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["convert", "-q", str(houses)]) == 0
    assert run(["diff", str(houses)]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.endswith("houses/ is up to date\n")


def seen(written: str) -> list[str]:
    """What stands on a screen: a carriage return writes over what is there."""
    lines = []
    for line in written.removesuffix("\n").split("\n"):
        row = ""
        for text in line.split("\r"):
            row = text + row[len(text) :]
        lines.append(row)
    return lines


@pytest.mark.parametrize(
    ("terminal", "shown"), [(False, ["  … far", "  … near"]), (True, [" " * 59])]
)
def test_progress_keeps_one_line_of_a_terminal(
    terminal: bool, shown: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
    monkeypatch.setenv("COLUMNS", "60")
    with click.Context(cli, color=False):
        console.progress("far")
        console.progress("near")
        console.end_progress()
    assert seen(capsys.readouterr().err) == shown


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True)],
)
def test_colour_follows_the_environment(
    houses: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str], coloured: bool,
) -> None:  # fmt: skip
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert run(["convert", str(houses)]) == 0
    assert ("\x1b[" in capsys.readouterr().out) is coloured


def test_quiet_prints_nothing_when_all_is_well(
    houses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["convert", "-q", str(houses)]) == 0
    assert capsys.readouterr().out == ""


def test_an_unexpected_exception_is_called_a_bug(
    houses: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NBPROD_DEBUG", raising=False)
    monkeypatch.setattr("nbprod.commands.convert.analyse", lambda *_: 1 / 0)
    assert run(["convert", str(houses)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "this is a bug in nbprod (ZeroDivisionError" in line


HEAVY = (
    "black",
    "jinja2",
    "libcst",
    "nbconvert",
    "nbformat",
    "pandas",
    "numpy",
    "jupyter_core",
)


@pytest.mark.parametrize(
    "arguments", [["--version"], ["--help"], ["check", "{houses}"], ["tag", "{houses}"]]
)
def test_light_commands_import_nothing_heavy(houses: Path, arguments: list[str]) -> None:
    command = [part.format(houses=houses) for part in arguments]
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "nbprod", *command],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()
    }
    assert "nbprod" in imported
    assert imported.isdisjoint(HEAVY)


def test_version() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nbprod", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"nbprod {__version__}\n"


def test_tag_shows_a_reason_for_every_statement_and_writes_tags(
    houses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = json.loads(houses.read_text())
    assert run(["tag", str(houses)]) == 0
    rows = capsys.readouterr().out.splitlines()[1:]
    assert [row.split()[0] for row in rows] == [
        "2:2",
        "2:3",
        "3:1",
        "3:2",
        "5:1",
        "6:1",
        "6:2",
        "7:1",
        "7:2",
        "8:1",
    ]
    assert json.loads(houses.read_text()) == before
    assert run(["tag", "--write", str(houses)]) == 0
    after = json.loads(houses.read_text())
    tags = [cell["metadata"].pop("tags", None) for cell in after["cells"]]
    assert tags == [
        None,
        None,
        ["load"],
        None,
        ["preprocessing"],
        ["preprocessing"],
        ["training"],
        ["evaluate"],
    ]
    for cell in before["cells"]:
        cell["metadata"].pop("tags", None)
    assert after == before


def test_weird_names_and_texts_give_the_same_files_and_no_injected_line(tmp_path: Path) -> None:
    nasty = 'x\n\'"{{ 7*7 }}`id`$(id); import os\n"""\n#'
    cells = [
        {"cell_type": "markdown", "metadata": {"tags": [nasty]}, "source": f"# {nasty}"},
        code("import pandas as pd\nfrom sklearn.linear_model import LinearRegression\ndf = pd.read_csv('d.csv')", [nasty]),
        code(f"note = {nasty!r}\nX = df[['a']]\nm = LinearRegression()\nm.fit(X, df['y'])"),
    ]  # fmt: skip
    plain = json.loads(json.dumps(cells).replace(json.dumps(nasty)[1:-1], "plain"))
    trees = []
    for name, content in (("nasty", cells), ("plain", plain)):
        path = tmp_path / name / "n.ipynb"
        path.parent.mkdir()
        made = document(content)
        made["metadata"]["title"] = nasty if name == "nasty" else "plain"
        path.write_text(json.dumps(made))
        assert run(["convert", "-q", str(path)]) == 0
        trees.append(
            {p.relative_to(path.parent): p for p in (path.parent / "n").rglob("*") if p.is_file()}
        )
    assert trees[0].keys() == trees[1].keys()
    for path, place in trees[0].items():
        if ".nbprod" not in path.parts:
            assert not any(
                line.startswith("import os") and "id" in line
                for line in place.read_text().splitlines()
            )
            assert "49" not in place.read_text() or "49" in trees[1][path].read_text()


def test_findings_with_the_same_advice_say_it_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [
        code("import pandas as pd\ndf = pd.read_csv('d.csv')"),
        code("df['a'] = df['a'].fillna(df['a'].mean())\ndf['b'] = df['b'].fillna(df['b'].mean())"),
        code("from sklearn.model_selection import train_test_split\nfrom sklearn.svm import SVR"),
        code("X, Z, y, z = train_test_split(df[['a', 'b']], df['y'])\nm = SVR().fit(X, y)\nm.score(Z, z)"),
    ]  # fmt: skip
    assert run(["convert", str(write(tmp_path / "n.ipynb", *cells))]) == 0
    out = capsys.readouterr().out
    assert out.count("W-LEAK-SPLIT") == 2
    assert out.count("split first") == 1
    assert out.count("df['a'].mean()") == 1


def test_a_folder_of_notebooks_is_converted_and_one_that_fails_stops_no_other(
    houses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = houses.parent
    (folder / "bad.ipynb").write_text("{")
    (folder / "pyproject.toml").write_text('[tool.nbprod]\nexclude = ["draft*"]\n')
    (folder / "draft.ipynb").write_bytes(houses.read_bytes())
    assert run(["convert", str(folder), "--json"]) == 2
    printed = capsys.readouterr()
    converted = json.loads(printed.out)["notebooks"]
    assert [Path(one["notebook"]).name for one in converted] == ["bad.ipynb", "houses.ipynb"]
    assert "error" in converted[0]
    assert converted[1]["verdict"] == "UNVERIFIED"
    assert printed.err.startswith("error: ")
    assert (folder / "houses/pyproject.toml").is_file()
    assert not (folder / "draft").exists()


def test_one_place_for_several_projects_is_refused(
    houses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (houses.parent / "flats.ipynb").write_bytes(houses.read_bytes())
    assert run(["convert", str(houses.parent), "--name", "x"]) == 2
    assert "-o and --name are for one notebook" in capsys.readouterr().err
    assert not (houses.parent / "x").exists()


def test_a_diff_as_json_lists_what_would_change(
    houses: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["convert", "-q", str(houses)]) == 0
    edit(houses, ".median()", ".mean()")
    capsys.readouterr()
    assert run(["diff", str(houses), "--json"]) == 1
    shown = json.loads(capsys.readouterr().out)
    assert {"path": "src/houses/features.py", "status": "updated", "detail": ""} in shown["files"]
    assert ".mean()" in shown["diff"]
    edit(houses, ".mean()", ".shift(1)")
    assert run(["diff", str(houses), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["severity"] == "error"


def test_the_list_of_commands_is_not_cut_off(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    listed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert listed
    assert not [line for line in listed if line.endswith("...")]


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("w-leek", "did you mean W-LEAK-DUPLICATES?"),
        ("W-LEAK-", "there are W-LEAK-DUPLICATES, W-LEAK-RESAMPLE, W-LEAK-SPLIT, W-LEAK-TEST"),
        ("E-CROSSROW", "did you mean E-CROSS-ROW?"),
        ("nothing like it", "`nbprod rules` lists all"),
    ],
)
def test_a_mistyped_code_is_answered_with_the_nearest(
    capsys: pytest.CaptureFixture[str], typed: str, hint: str
) -> None:
    assert run(["explain", typed]) == 2
    assert hint in capsys.readouterr().err


def test_the_shell_completes_codes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    for name, value in (("COMP_WORDS", "nbprod explain w-leak"), ("COMP_CWORD", "2")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("_NBPROD_COMPLETE", "bash_complete")
    with pytest.raises(SystemExit):
        run([])
    assert "plain,W-LEAK-SPLIT" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("flags", "command"),
    [
        ([], "nbprod verify 'my work/houses.ipynb'"),
        (["--name", "flats"], "nbprod verify 'my work/houses.ipynb' -o 'my work/flats'"),
        (["-o", "flats"], "nbprod verify 'my work/houses.ipynb' -o flats"),
    ],
)
def test_the_next_command_can_be_copied_wherever_the_project_went(
    houses: Path, flags: list[str], command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.chdir(houses.parent.parent)
    assert run(["convert", "my work/houses.ipynb", *flags]) == 0
    assert f"run `{command}` to prove it" in capsys.readouterr().out
