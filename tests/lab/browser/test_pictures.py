"""The pictures of the documentation: ``NBPROD_PICTURES=docs/images python -m pytest -m browser -k pictures``."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.lab.browser.jupyter_page import JupyterPage, replace_in

FOLDER = os.environ.get("NBPROD_PICTURES", "")
STORY = Path(__file__).parents[3] / "fixtures" / "titanic-messy"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not FOLDER, reason="NBPROD_PICTURES is not set"),
]


@pytest.fixture
def notebook(server: Any, request: pytest.FixtureRequest) -> Path:
    folder = server.root / f"models-{request.node.name.rpartition('_')[2]}"
    shutil.copytree(STORY, folder)
    return (folder / "notebook.ipynb").rename(folder / "titanic.ipynb")


def picture(page: JupyterPage, name: str, selector: str = "") -> None:
    page.page.mouse.move(500, 700)
    page.page.wait_for_timeout(1500)  # what moves and fades has come to rest
    shown = page.page.locator(selector) if selector else page.page
    shown.screenshot(path=f"{FOLDER}/{name}.png")


def test_pictures_of_the_menu(lab: JupyterPage) -> None:
    lab.page.get_by_role("menuitem", name="nbprod").click()
    picture(lab, "jupyterlab-menu")


def test_pictures_of_the_roles(lab: JupyterPage) -> None:
    lab.menu("Tag cells")
    lab.toast("inferred")
    picture(lab, "jupyterlab-roles")


def test_pictures_of_conversion(lab: JupyterPage, notebook: Path) -> None:
    lab.menu("Convert")
    lab.wait_for_verdict("UNVERIFIED")
    picture(lab, "jupyterlab-converted")
    lab.results.get_by_role("button", name="Verify").click()
    lab.wait_for_verdict("PROVEN", "VERIFIED")
    picture(lab, "jupyterlab-verified")
    lab.results.get_by_role("button", name="Open the certificate").click()
    lab.page.locator(".lm-TabBar-tabLabel", has_text="verdict.html").wait_for()
    picture(lab, "jupyterlab-certificate")


def test_pictures_of_a_conflict(lab: JupyterPage, notebook: Path) -> None:
    lab.menu("Convert")
    lab.wait_for_verdict("UNVERIFIED")
    features = notebook.parent / "titanic/src/titanic/features.py"
    replace_in(features, '["Fare"].median()', '["Fare"].quantile(0.4)')
    replace_in(notebook, "].median())", "].mean())")
    lab.page.reload()
    lab.wait_for_notebook()
    lab.menu("Convert")
    lab.wait_for_verdict("CONFLICTS")
    lab.results.get_by_role("button", name="src/titanic/features.py").first.click()
    lab.page.locator(".lm-TabBar-tabLabel", has_text="features.py").wait_for()
    lab.page.locator(".cm-content:visible").last.click()
    lab.page.keyboard.press("PageDown")
    picture(lab, "jupyterlab-conflict")


def test_pictures_of_a_refusal(lab: JupyterPage, notebook: Path) -> None:
    lab.type_into(7, "df['FareRank'] = df['Fare'].rank()")
    lab.menu("Convert")
    lab.wait_for_verdict("REFUSED")
    lab.results.get_by_role("button", name=re.compile("^cell 7, line")).first.click()
    picture(lab, "jupyterlab-refused")


def test_pictures_of_notebook7(page: Any, server: Any, notebook: Path) -> None:
    path = notebook.relative_to(server.root).as_posix()
    opened = JupyterPage(page, server.page("notebooks", quote(path))).wait_for_notebook()
    opened.menu("Convert")
    opened.wait_for_verdict("UNVERIFIED")
    picture(opened, "notebook7-converted")
