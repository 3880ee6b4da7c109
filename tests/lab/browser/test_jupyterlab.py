"""A person clicks through JupyterLab."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from nbprod.project_names import plain
from tests.lab.browser.jupyter_page import JupyterPage, replace_in, tags

pytestmark = pytest.mark.browser


def test_convert_saves_first_then_lists_the_files_and_opens_them(
    lab: JupyterPage, notebook: Path
) -> None:
    lab.type_into(5, "df['rooms'] = df['rooms'].fillna(df['rooms'].max())")
    lab.menu("Convert")
    lab.toast(re.compile(r"UNVERIFIED. \d+ files written to houses/"))
    assert lab.verdict() == "UNVERIFIED"
    assert "rooms" in (notebook.parent / "houses/src/houses/features.py").read_text()
    names = lab.results.locator("details[open] .nbprod-file .nbprod-link").all_inner_texts()
    assert names[0] == "README.md"
    assert len(names) < 10  # the rest is folded away
    lab.results.get_by_role("button", name="src/houses/features.py").click()
    lab.page.locator(".lm-TabBar-tabLabel", has_text="features.py").wait_for()


def test_verify_shows_every_check(lab: JupyterPage) -> None:
    lab.menu("Convert")
    lab.verdict()
    lab.results.get_by_role("button", name="Verify").click()
    lab.toast(re.compile(r"Verify houses.ipynb: (PROVEN|VERIFIED)\."))
    assert lab.verdict() in {"PROVEN", "VERIFIED"}
    single_rows = lab.results.locator(".nbprod-check", has_text="V4 single rows")
    assert single_rows.get_attribute("data-status") == "proven"
    lab.results.get_by_role("button", name="Open the certificate").click()
    lab.page.locator(".lm-TabBar-tabLabel", has_text="verdict.html").wait_for()


def test_roles_are_shown_chosen_from_a_list_and_accepted_in_one_click(
    lab: JupyterPage, notebook: Path
) -> None:
    lab.menu("Tag cells")
    toast = lab.toast("0 cells tagged, 5 inferred")
    assert lab.role_of(3).locator("option:checked").inner_text() == "inferred: load"
    assert lab.role_of(1).count() == 0  # Markdown has no role
    lab.role_of(8).select_option("skip")
    toast.get_by_role("button", name="Keep as tags").click()
    lab.toast("5 cells tagged, 0 inferred")
    assert tags(notebook) == {
        3: ["load"],
        5: ["preprocessing"],
        6: ["preprocessing"],
        7: ["training"],
        8: ["skip"],
    }


def test_a_role_can_be_taken_back_and_other_tags_stay(lab: JupyterPage, notebook: Path) -> None:
    replace_in(notebook, '"metadata": {}, "outputs": [], "source": ["df = ', '"metadata": {"tags": ["mine", "features"]}, "outputs": [], "source": ["df = ')  # fmt: skip
    lab.page.reload()
    lab.wait_for_notebook()
    assert lab.role_of(3).input_value() == "preprocessing"  # shown without asking
    lab.role_of(3).select_option("")
    lab.page.keyboard.press("Control+s")
    lab.poll(lambda: tags(notebook) == {3: ["mine"]})


def test_roles_of_tags_stand_above_cells_that_are_drawn_later_whether_the_server_answers_or_not(
    lab: JupyterPage, notebook: Path
) -> None:
    content = json.loads(notebook.read_text("utf-8"))
    content["cells"][2]["metadata"] = {"tags": ["load"]}
    for number in range(60):
        cell = {**content["cells"][7], "id": f"more-{number}", "source": f"print({number})\n" * 6}
        content["cells"].append(cell)
    notebook.write_text(json.dumps(content), "utf-8")
    lab.page.route(re.compile("/nbprod/runs"), lambda route: route.fulfill(status=404, body=""))
    lab.page.reload()
    lab.wait_for_notebook()
    lab.role_of(3).wait_for()
    lab.page.locator(".jp-Notebook .jp-Cell").first.click()
    lab.page.keyboard.press("Escape")
    for _ in range(100):  # walk, because some versions draw a cell only when it is reached
        if lab.active_cell() == len(content["cells"]):
            break
        for _ in range(10):
            lab.page.keyboard.press("ArrowDown")
    last = lab.page.locator(".jp-Notebook .jp-Cell.jp-mod-active", has_text="print(59)")
    last.locator("select.nbprod-role-choice").wait_for()
    last.locator(".jp-InputArea-editor").wait_for()
    parts = lab.page.evaluate(
        "[...document.querySelectorAll('.jp-Notebook .jp-CodeCell')].map(cell => [...cell.children]"
        ".map(part => part.className.split(' ').find(name => /^nbprod-role$|inputWrapper$/.test(name)))"
        ".filter(Boolean).join())"
    )
    assert set(parts) == {"nbprod-role,jp-Cell-inputWrapper"}


def test_a_finding_leads_to_its_cell_even_when_cells_have_moved(lab: JupyterPage) -> None:
    lab.type_into(7, "model.fit(X, y")
    lab.menu("Check")
    assert lab.verdict() == "ERRORS"
    lab.page.locator(".jp-Notebook .jp-Cell").first.click()
    lab.page.keyboard.press("Escape")
    lab.page.keyboard.press("a")  # a new cell above the first
    lab.results.get_by_role("button", name=re.compile("^cell 7, line")).first.click()
    lab.page.locator(".nbprod-found").wait_for()
    assert lab.active_cell() == 8


def test_a_refused_notebook_writes_nothing_and_names_the_cell(
    lab: JupyterPage, notebook: Path
) -> None:
    lab.type_into(5, "df['area'] = df['area'].shift(1).fillna(0)")
    lab.menu("Convert")
    lab.toast("REFUSED. 1 error; nothing was written.")
    assert lab.verdict() == "REFUSED"
    finding = lab.results.locator(".nbprod-finding").first
    assert finding.get_attribute("data-severity") == "error"
    finding.get_by_role("button", name="cell 5, line 2").click()
    lab.page.locator(".nbprod-found").wait_for()
    assert lab.active_cell() == 5
    assert not (notebook.parent / "houses").exists()


def test_a_conflict_with_a_hand_edit_is_listed_first(lab: JupyterPage, notebook: Path) -> None:
    lab.menu("Convert")
    lab.verdict()
    replace_in(notebook.parent / "houses/src/houses/features.py", "median", "mean")
    lab.type_into(5, "df['area'] = df['area'].clip(upper=df['area'].max())")
    lab.results.get_by_role("button", name="Convert").click()
    lab.toast("CONFLICTS")
    assert lab.results.locator("summary").first.inner_text().startswith("Files")
    first = lab.results.locator(".nbprod-file").first
    assert first.get_attribute("data-status") == "conflict"
    assert "<<<<<<<" in (notebook.parent / "houses/src/houses/features.py").read_text()


def test_a_conversion_that_is_cancelled_at_once_changes_nothing(
    lab: JupyterPage, notebook: Path
) -> None:
    held: list[Any] = []  # the request that starts the run, so that the click is always in time
    lab.page.route(re.compile(r"/nbprod/runs\?|/nbprod/runs$"), lambda route: held.append(route))
    lab.menu("Convert")
    lab.toast("Convert houses.ipynb …").get_by_role("button", name="Cancel").click()
    lab.poll(lambda: bool(held))
    held[0].continue_()
    assert lab.error() == "Cancelled; nothing was changed."
    assert not (notebook.parent / "houses").exists()


def test_a_long_verification_says_where_it_is_and_can_be_cancelled(
    lab: JupyterPage, notebook: Path
) -> None:
    lab.menu("Convert")
    lab.wait_for_verdict("UNVERIFIED")
    lab.type_into(8, "import time; time.sleep(3600)")
    lab.results.get_by_role("button", name="Convert").click()
    lab.poll(lambda: "sleep" in notebook.read_text("utf-8"))
    lab.wait_for_verdict("UNVERIFIED")
    before = (notebook.parent / "houses/verdict.json").read_bytes()
    lab.results.get_by_role("button", name="Verify").click()
    running = lab.results.locator(".nbprod-running")
    running.get_by_text("notebook: cell 8 of 8").wait_for()
    running.get_by_role("button", name="Cancel").click()
    assert lab.error() == "Cancelled; nothing was changed."
    assert (notebook.parent / "houses/verdict.json").read_bytes() == before


def test_verify_before_convert_says_what_to_do(lab: JupyterPage) -> None:
    lab.menu("Verify")
    assert "nbprod convert" in lab.error()
    assert "Traceback" not in lab.error()


def test_a_server_without_the_extension_is_named_as_the_reason(lab: JupyterPage) -> None:
    lab.page.route(
        re.compile("/nbprod/runs"), lambda route: route.fulfill(status=404, body="<html>404</html>")
    )
    lab.menu("Check")
    assert "jupyter server extension enable nbprod.lab" in lab.error()


def test_a_new_notebook_that_was_never_saved_by_hand_is_converted(
    lab: JupyterPage, notebook: Path
) -> None:
    lab.page.get_by_role("menuitem", name="File", exact=True).click()
    lab.page.locator(".lm-Menu-itemLabel", has_text=re.compile("^New$")).hover()
    lab.page.locator(".lm-Menu-item[data-command='notebook:create-new']").first.click()
    lab.page.locator(".jp-Dialog button.jp-mod-accept").click()
    lab.page.locator(".lm-TabBar-tabLabel", has_text="Untitled.ipynb").wait_for()
    editor = lab.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .cm-content").first
    editor.click()
    source = "import pandas as pd\nfrom sklearn.svm import SVR\ndf = pd.read_csv('houses.csv').dropna()\nm = SVR().fit(df[['rooms']], df['price'])\nm.predict(df[['rooms']])"  # fmt: skip
    lab.page.keyboard.insert_text(source)
    lab.menu("Convert")
    lab.toast("Convert Untitled.ipynb: UNVERIFIED.")
    name = plain(notebook.parent.name)  # the notebook's own says nothing
    assert (notebook.parent / f"{name}/src/{name}/features.py").is_file()


@pytest.mark.parametrize("way", ["palette", "toolbar", "shortcut", "file browser"])
def test_every_way_to_convert_works(lab: JupyterPage, notebook: Path, way: str) -> None:
    page = lab.page
    if way == "palette":
        lab.open_palette().fill("nbprod convert")
        page.locator(".lm-CommandPalette-item[data-command='nbprod:convert']").click()
    elif way == "toolbar":
        page.locator(".jp-NotebookPanel-toolbar [data-command='nbprod:convert']").click()
    elif way == "shortcut":
        page.locator(".jp-Notebook .jp-Cell").nth(2).locator(".cm-content").click()
        page.keyboard.press("Control+Alt+p")
    else:
        page.locator(".jp-DirListing-item", has_text="houses.ipynb").click(button="right")
        page.locator(".lm-Menu-itemLabel", has_text=re.compile("^nbprod$")).last.hover()
        page.locator(".lm-Menu-item[data-command='nbprod:convert']").last.click()
    lab.toast("UNVERIFIED")
    assert (notebook.parent / "houses/pyproject.toml").is_file()


def test_two_notebooks_are_converted_at_once(lab: JupyterPage, notebook: Path) -> None:
    notebook.with_name("flats.ipynb").write_bytes(notebook.read_bytes())
    page = lab.page
    page.locator(".jp-DirListing-item", has_text="flats.ipynb").wait_for()
    page.locator(".jp-DirListing-item", has_text="flats.ipynb").click()
    page.locator(".jp-DirListing-item", has_text="houses.ipynb").click(modifiers=["Shift"])
    page.locator(".jp-DirListing-item", has_text="houses.ipynb").click(button="right")
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^nbprod$")).last.hover()
    page.locator(".lm-Menu-item[data-command='nbprod:convert']").last.click()
    lab.poll((notebook.parent / "flats/pyproject.toml").is_file)
    lab.poll((notebook.parent / "houses/pyproject.toml").is_file)
    lab.wait_for_verdict("UNVERIFIED")


def test_a_read_only_notebook_with_changes_is_not_converted(
    lab: JupyterPage, notebook: Path
) -> None:
    def read_only(route: Any) -> None:
        response = route.fetch()
        answer = response.json()
        route.fulfill(response=response, json={**answer, "writable": False})

    # What the server says of a file that it may not write; root may write everywhere.
    lab.page.route(re.compile(r"/api/contents/.*houses\.ipynb(\?|$)"), read_only)
    lab.page.reload()
    lab.wait_for_notebook()
    lab.type_into(5, "df['area'] = df['area'] * 2")
    lab.menu("Convert")
    assert "read-only and has unsaved changes" in lab.error()
    assert not (notebook.parent / "houses").exists()


def test_a_notebook_as_people_leave_it_run_with_outputs_and_an_error_unsaved(
    lab: JupyterPage, notebook: Path
) -> None:
    lab.type_into(8, "1 / 0")
    lab.page.get_by_role("menuitem", name="Run", exact=True).click()
    lab.page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Run All Cells$")).click()
    lab.page.locator(".jp-OutputArea-output", has_text="ZeroDivisionError").first.wait_for()
    lab.menu("Convert")
    lab.wait_for_verdict("UNVERIFIED")
    lab.results.get_by_role("button", name="Verify").click()
    finding = lab.results.locator(".nbprod-finding", has_text="W-NOTEBOOK-FAILS")
    finding.get_by_text("ZeroDivisionError").wait_for()
    finding.get_by_role("button", name="cell 8, line 2").click()
    lab.page.locator(".nbprod-found").wait_for()
    assert lab.active_cell() == 8


def test_a_folder_that_cannot_be_written_is_reported(lab: JupyterPage, notebook: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    notebook.parent.chmod(0o555)
    try:
        lab.menu("Convert")
        assert "cannot be written" in lab.error()
    finally:
        notebook.parent.chmod(0o755)
    assert not (notebook.parent / "houses").exists()
