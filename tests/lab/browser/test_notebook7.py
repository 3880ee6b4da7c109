"""A person clicks through Notebook 7."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.lab.browser.jupyter_page import JupyterPage, tags

pytestmark = pytest.mark.browser


def test_convert_and_its_results_in_notebook_7(notebook7: JupyterPage, notebook: Path) -> None:
    notebook7.menu("Convert")
    notebook7.toast("UNVERIFIED")
    assert notebook7.verdict() == "UNVERIFIED"
    assert notebook7.results.is_visible()
    with notebook7.page.context.expect_page() as opened:
        notebook7.results.get_by_role("button", name="README.md").click()
    assert "README.md" in opened.value.url
    assert (notebook.parent / "houses/pyproject.toml").is_file()


def test_roles_and_findings_in_notebook_7(notebook7: JupyterPage, notebook: Path) -> None:
    notebook7.menu("Tag cells")
    notebook7.toast("0 cells tagged, 5 inferred").get_by_role("button", name="Keep as tags").click()
    notebook7.toast("5 cells tagged, 0 inferred")
    assert tags(notebook)[7] == ["training"]
    notebook7.type_into(7, "model.fit(X, y")
    notebook7.menu("Check")
    notebook7.results.get_by_role("button", name=re.compile("^cell 7, line")).first.click()
    notebook7.page.locator(".nbprod-found").wait_for()
    assert notebook7.active_cell() == 7


def test_convert_from_the_file_list_of_notebook_7(page: Any, server: Any, notebook: Path) -> None:
    folder = notebook.parent.relative_to(server.root).as_posix()
    tree = JupyterPage(page, server.page("tree", quote(folder)))
    page.locator(".jp-DirListing-item", has_text="houses.ipynb").click(button="right")
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^nbprod$")).last.hover()
    page.locator(".lm-Menu-item[data-command='nbprod:convert']").last.click()
    tree.toast("UNVERIFIED")
    assert (notebook.parent / "houses/pyproject.toml").is_file()
