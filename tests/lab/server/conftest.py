"""A Jupyter server with the extension, behind a base URL and a token, in the process of the tests."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

try:
    from pytest_jupyter.jupyter_server import *  # noqa: F403
except ImportError:
    collect_ignore_glob = ["test_*.py"]

Answer = tuple[int, dict[str, Any]]
Call = Callable[..., Awaitable[Answer]]


@pytest.fixture
def jp_server_config() -> dict[str, Any]:
    return {"ServerApp": {"jpserver_extensions": {"nbprod.lab": True}}}


@pytest.fixture
def notebook(jp_root_dir: Path, houses: Path) -> Path:
    """A notebook with its data two folders below the server's root."""
    folder = jp_root_dir / "team" / "my work"
    shutil.copytree(houses.parent, folder)
    return folder / "houses.ipynb"


@pytest.fixture
def call(jp_fetch: Callable[..., Awaitable[Any]]) -> Call:
    """Send a request; return status and JSON, whatever the status."""
    from tornado.httpclient import HTTPClientError

    async def send(method: str, *parts: str, body: Any = None, **params: str) -> Answer:
        text = json.dumps(body) if body is not None else None
        try:
            response = await jp_fetch(
                "nbprod", "runs", *parts, method=method, body=text, params=params
            )
        except HTTPClientError as error:
            response = error.response
        return response.code, json.loads(response.body)

    return send


@pytest.fixture
def finished(call: Call) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Start an action and follow it to its end."""

    async def run(action: str, path: str) -> dict[str, Any]:
        status, state = await call("POST", body={"action": action, "path": path})
        assert status == 201, state
        async with asyncio.timeout(600):
            while state["state"] == "running":
                _, state = await call("GET", state["id"], seen=str(state["revision"]))
        return state

    return run
