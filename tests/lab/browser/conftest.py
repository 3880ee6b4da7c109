"""JupyterLab and Notebook 7 as real servers, and a real Chromium to click in them."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.lab.browser.jupyter_page import PATIENCE, JupyterPage

LABEXTENSION = Path(__file__).parents[3] / "nbprod" / "lab" / "labextension"
CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)
TOKEN = "0b5cf0de61c3f1c7"


@dataclass(frozen=True)
class Server:
    """A running server behind a base URL and a token; ``root`` is its folder of notebooks."""

    url: str
    root: Path
    log: Path

    def page(self, kind: str, path: str = "") -> str:
        return f"{self.url}/{kind}/{path}?token={TOKEN}"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server that serves both JupyterLab (``/lab``) and Notebook 7 (``/notebooks``, ``/tree``)."""
    pytest.importorskip("jupyterlab", minversion="4.0")
    pytest.importorskip("notebook", minversion="7.0")
    home = tmp_path_factory.mktemp("jupyter")
    root = home / "root"
    root.mkdir()
    extensions = home / "data" / "labextensions"
    extensions.mkdir(parents=True)
    (extensions / "nbprod").symlink_to(LABEXTENSION)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "HOME": str(home),
        # the labextension of the working tree, not the copy that was made when this environment was
        "JUPYTER_PREFER_ENV_PATH": "0",
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    config = home / "config" / "labconfig" / "page_config.json"
    config.parent.mkdir(parents=True)
    config.write_text(
        '{"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": true}}'
    )
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}",
        "--ServerApp.port_retries=0", "--ServerApp.base_url=/user/me/", f"--IdentityProvider.token={TOKEN}",
        "--ServerApp.jpserver_extensions={'nbprod.lab': True, 'notebook': True, 'jupyterlab': True}",
        f"--ServerApp.root_dir={root}",
    ]  # fmt: skip
    log = home / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=environment, stdout=output, stderr=output, cwd=root, start_new_session=True
        )
    found = Server(f"http://127.0.0.1:{port}/user/me", root, log)
    try:
        _wait_for(found, process)
        yield found
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{server.url}/api", timeout=2)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"the server did not start: {server.log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield running
        running.close()


@pytest.fixture
def notebook(server: Server, houses: Path, request: pytest.FixtureRequest) -> Path:
    """A notebook with its data in folders of its own, two levels below the server's root."""
    folder = server.root / "team" / f"{request.node.name[:60]} 1"
    shutil.rmtree(folder, ignore_errors=True)  # of a first try
    shutil.copytree(houses.parent, folder)
    return folder / "houses.ipynb"


@pytest.fixture
def lab(page: Any, server: Server, notebook: Path) -> JupyterPage:
    """JupyterLab with the notebook open, in a workspace of its own."""
    path = notebook.relative_to(server.root).as_posix()
    workspace = f"lab/workspaces/{re.sub(r'[^A-Za-z0-9]+', '-', notebook.parent.name)}/tree"
    return JupyterPage(page, server.page(workspace, quote(path))).wait_for_notebook()


@pytest.fixture
def notebook7(page: Any, server: Server, notebook: Path) -> JupyterPage:
    """Notebook 7 with the notebook open."""
    path = notebook.relative_to(server.root).as_posix()
    return JupyterPage(page, server.page("notebooks", quote(path))).wait_for_notebook()


@pytest.fixture
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A browser page; with NBPROD_SCREENSHOTS set, its last picture is kept in that folder."""
    context = browser.new_context(viewport={"width": 1360, "height": 850})
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    folder = os.environ.get("NBPROD_SCREENSHOTS")
    if folder:
        opened.screenshot(path=f"{folder}/{request.node.name}.png")
    opened.unroute_all(behavior="ignoreErrors")  # a request may be on its way still
    context.close()
    ours = [error for error in errors if "nbprod" in error]
    assert not ours
