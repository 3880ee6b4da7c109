from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.browser


def test_debug(page, server, houses: Path):
    import shutil
    shutil.copytree(houses.parent, server.root / "a" / "b c")
    page.on("console", lambda m: print(m.type, m.text))
    page.goto(server.page("lab/tree", "a/b c/houses.ipynb"))
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_timeout(3000)
    page.screenshot(path="/tmp/shots/1.png")
    page.get_by_role("menuitem", name="nbprod").click()
    page.wait_for_timeout(500)
    page.screenshot(path="/tmp/shots/2.png")
    page.locator(".lm-Menu-itemLabel", has_text="Tag cells").click()
    page.wait_for_timeout(4000)
    page.screenshot(path="/tmp/shots/3.png")
    page.get_by_role("menuitem", name="nbprod").click()
    page.locator(".lm-Menu-itemLabel", has_text="Convert").first.click()
    page.wait_for_timeout(4000)
    page.screenshot(path="/tmp/shots/4.png")
