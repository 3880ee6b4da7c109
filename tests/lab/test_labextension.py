from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import get_args

import pytest

import nbprod
from nbprod.lab.stamp import LABEXTENSION, fingerprint, stamp
from nbprod.notebook.roles import _WORDS, Role

STATIC = LABEXTENSION / "static"
SCHEMA = json.loads((LABEXTENSION / "schemas/nbprod/plugin.json").read_text())
PACKAGE = json.loads((LABEXTENSION / "package.json").read_text())
SERVER = Path(nbprod.__file__).parent / "lab" / "server.json"


def table(name: str) -> dict[str, str]:
    found = re.search(
        rf"export const {name} = (\{{.*?\}});", (STATIC / "roles.js").read_text(), re.DOTALL
    )
    assert found
    return dict(json.loads(found[1]))


def test_the_version_in_the_address_is_the_hash_of_the_scripts() -> None:
    assert (
        PACKAGE["jupyterlab"]["_build"]["load"] == f"static/nbprod.js?v={fingerprint()}"
    ), "run `python -m nbprod.lab.stamp`"


@pytest.mark.parametrize("name", ["nbprod.js", "results.js", "nbprod.css"])
def test_a_change_of_any_file_changes_the_address(tmp_path: Path, name: str) -> None:
    copy = shutil.copytree(LABEXTENSION, tmp_path / "labextension")
    with (copy / "static" / name).open("a") as file:
        file.write("\n")
    stamp(copy)
    assert json.loads((copy / "package.json").read_text())["jupyterlab"]["_build"]["load"] == (
        f"static/nbprod.js?v={fingerprint(copy)}"
    )
    assert fingerprint(copy) != fingerprint()


def test_the_version_of_the_labextension_is_that_of_the_package() -> None:
    assert PACKAGE["version"] == nbprod.__version__


def test_the_script_loads_every_part_that_exists_and_no_other() -> None:
    entry = (STATIC / "nbprod.js").read_text()
    listed = re.search(r"const parts = \[(.*?)\]", entry)
    assert listed
    parts = set(re.findall(r"'(\w+)'", listed[1]))
    assert parts == {path.stem for path in STATIC.glob("*.js")} - {"nbprod"}


def test_the_browser_knows_the_roles_of_the_reader() -> None:
    assert tuple(table("ROLES")) == get_args(Role)


def test_the_browser_knows_the_words_of_the_reader() -> None:
    words = {**{role: role for role in table("ROLES")}, **table("ALIASES")}
    assert words == _WORDS


def test_every_command_of_the_schema_exists() -> None:
    text = json.dumps(SCHEMA)
    known = (STATIC / "commands.js").read_text()
    for command in set(re.findall(r'"command": "nbprod:([\w-]+)"', text)):
        assert f"nbprod:{command}" in known or f"  {command}: [" in known


def test_text_never_becomes_markup() -> None:
    for path in STATIC.glob("*.js"):
        assert not re.search(
            r"innerHTML|insertAdjacentHTML|outerHTML|document\.write", path.read_text()
        )


def test_the_server_is_told_to_load_the_extension() -> None:
    assert json.loads(SERVER.read_text()) == {
        "ServerApp": {"jpserver_extensions": {"nbprod.lab": True}}
    }
