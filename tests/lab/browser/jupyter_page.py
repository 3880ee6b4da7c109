"""What a person does in JupyterLab and Notebook 7, in their words."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE = 180_000  # milliseconds; a machine with other work to do is slow, not broken


class JupyterPage:
    """A page of JupyterLab or Notebook 7 with one notebook open."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        page.goto(address)

    def wait_for_notebook(self) -> JupyterPage:
        """Wait until the notebook and the menu of nbprod are there."""
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        self.page.get_by_role("menuitem", name="nbprod").wait_for()
        return self

    @property
    def results(self) -> Any:
        """The panel of results."""
        return self.page.locator("#nbprod-results")

    def menu(self, label: str) -> None:
        """Choose an entry of the menu nbprod."""
        self.page.get_by_role("menuitem", name="nbprod").click()
        self.page.locator(".lm-Menu .lm-Menu-itemLabel").get_by_text(label, exact=True).click()

    def open_palette(self) -> Any:
        """Open the command palette and return its input; a busy page may miss the shortcut."""
        field = self.page.locator(".lm-CommandPalette-input")
        for attempt in range(PATIENCE // 1000):
            if field.is_visible():
                break
            if attempt % 5 == 0:
                self.page.locator(".jp-Notebook .jp-Cell").first.click()
                self.page.keyboard.press("Control+Shift+C")
            self.page.wait_for_timeout(1000)
        return field

    def toast(self, text: str | re.Pattern[str]) -> Any:
        """A notification with this text, once it is there; most are gone again after some seconds."""
        found = self.page.locator(".Toastify__toast").filter(has_text=text).first
        found.wait_for()
        return found

    def verdict(self) -> str:
        """The verdict in the panel, once there is one."""
        shown = self.results.locator(".nbprod-verdict strong")
        shown.wait_for()
        return str(shown.inner_text())

    def wait_for_verdict(self, *expected: str) -> None:
        """Wait until the panel shows one of these verdicts."""
        shown = self.results.locator(".nbprod-verdict strong")
        shown.get_by_text(re.compile(f"^({'|'.join(expected)})$")).wait_for()

    def error(self) -> str:
        """The error in the panel, once there is one."""
        shown = self.results.locator(".nbprod-error")
        shown.wait_for()
        return str(shown.inner_text())

    def poll(self, holds: Callable[[], bool]) -> None:
        """Wait for something outside of the page, such as a file that is being saved."""
        deadline = time.monotonic() + PATIENCE / 1000
        while not _true(holds):
            assert time.monotonic() < deadline, "it did not come true in time"
            self.page.wait_for_timeout(100)  # which lets the browser's events arrive meanwhile

    def type_into(self, cell: int, text: str) -> None:
        """Append a line to a cell, counted from 1 among all cells; the notebook is unsaved then."""
        editor = self.page.locator(".jp-Notebook .jp-Cell").nth(cell - 1).locator(".cm-content")
        editor.click()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.press("Enter")
        self.page.keyboard.type(text)

    def role_of(self, cell: int) -> Any:
        """The drop-down with the role of a cell."""
        return (
            self.page.locator(".jp-Notebook .jp-Cell")
            .nth(cell - 1)
            .locator("select.nbprod-role-choice")
        )

    def active_cell(self) -> int:
        """The number of the cell that the cursor is in."""
        found = self.page.evaluate(
            "[...document.querySelectorAll('.jp-Notebook .jp-Cell')]"
            ".findIndex(cell => cell.classList.contains('jp-mod-active')) + 1"
        )
        return int(found)


def tags(notebook: Path) -> dict[int, list[str]]:
    """The tags that a notebook's file holds, by cell number."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    found = {number: cell["metadata"].get("tags", []) for number, cell in enumerate(cells, start=1)}
    return {number: words for number, words in found.items() if words}


def replace_in(path: Path, old: str, new: str) -> None:
    """Edit a file behind the browser's back."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def _true(holds: Callable[[], bool]) -> bool:
    try:
        return holds()
    except json.JSONDecodeError:  # Jupyter is in the middle of writing the file
        return False
