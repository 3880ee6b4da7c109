"""What the documentation says is there: links, pictures, commands and options."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from nbprod.cli import cli, run
from nbprod.rules import rule

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "nbprod/rules").glob("*.md")])  # fmt: skip
_LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")
_COMMAND = re.compile(r"^\$? ?(nbprod .*?)(?:\s{2,}.*|\s#.*)?$", re.MULTILINE)


def names(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    made = {"rules.md", "changelog.md"}  # by docs/hooks.py
    for target in _LINK.findall(page.read_text("utf-8")):
        if target.startswith("rules/") and page.parent.name == "docs":
            assert rule(Path(target).stem), f"{page.name}: {target}"
        elif target not in made:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def commands() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for fence in re.findall(r"^```\w*\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE):  # fmt: skip
            for command in _COMMAND.findall(re.sub(r".*\.{4,}.*", "", fence)):  # output of a hook
                yield page.name, command


@pytest.mark.parametrize("page", ["getting-started.md", "tutorial.md"])
def test_the_output_of_a_conversion_is_the_one_that_is_shown(
    page: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = shutil.copytree(ROOT / "fixtures/titanic-messy", tmp_path / "work")
    (story / "notebook.ipynb").rename(story / "titanic.ipynb")
    assert run(["convert", str(story / "titanic.ipynb")]) == 0
    printed = capsys.readouterr().out.splitlines()
    shown = re.findall(r"^  (?:read|split) .*$", (ROOT / "docs" / page).read_text("utf-8"), re.MULTILINE)  # fmt: skip
    assert shown
    assert set(shown) <= set(printed)


def test_there_are_commands_to_look_at() -> None:
    assert len(list(commands())) > 20


@pytest.mark.parametrize(("page", "command"), [*dict.fromkeys(commands())])
def test_commands_in_the_documentation_exist_with_their_options(page: str, command: str) -> None:
    words = shlex.split(command, comments=True)[1:]
    if words == ["--version"]:
        return
    with click.Context(cli) as context:
        found = cli.get_command(context, words[0])
        assert found is not None
        known = {option for parameter in found.params for option in parameter.opts}
        for word in words[1:]:
            if word.startswith("-"):
                assert word.partition("=")[0] in known
