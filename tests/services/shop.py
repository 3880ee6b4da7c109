"""The service's templates, rendered around a small stand-in package named ``shop``."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import jinja2
from fastapi.testclient import TestClient

from nbprod.services import all_skins

TEMPLATES = Path(__file__).parents[2] / "templates/project/src/package"
STANDIN = Path(__file__).parent / "standin"
SHARED = """
schema tables/columns tables/frames tables/rows compiled/__init__ compiled/report
training/independence registry storage/durable storage/locking monitoring drift/bins
drift/comparison drift/statistics policy drift/profile drift/request_log drift/windows
drift/__init__ storage/__init__ tables/__init__ training/__init__
"""
FOLDERS = ("compiled", "drift", "storage", "tables", "training")
ROW = {"amount": 9.5, "count": 2, "city": "Oslo"}


class Shop:
    """The rendered package: where it is, and its modules by name."""

    def __init__(self, source: Path) -> None:
        self.source = source
        self.rung = "kept"  # of the versions that are published

    def __getattr__(self, name: str) -> ModuleType:
        for package in ("shop.service", "shop", *(f"shop.{folder}" for folder in FOLDERS)):
            try:
                return importlib.import_module(f"{package}.{name}")
            except ModuleNotFoundError as error:
                if error.name != f"{package}.{name}":
                    raise
        raise AttributeError(name)


def render(package: Path) -> None:
    """Write the stand-in and the rendered templates into ``package``."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    for folder in ("service", *FOLDERS):
        (package / folder).mkdir(parents=True)
    for path in STANDIN.rglob("*.py"):
        (package / path.relative_to(STANDIN)).write_text(path.read_text())
    names = [f"service/{path.name}" for path in (TEMPLATES / "service").glob("*.py.j2")]
    for name in [*names, *(f"{shared}.py.j2" for shared in SHARED.split())]:
        text = environment.get_template(name).render(
            package="shop", skins=all_skins(), derived=False, kernel=True, finds_threshold=False
        )
        (package / name.removesuffix(".j2")).write_text(text)


def publish(shop: Shop, registry: Any, value: int, **changes: Any) -> str:
    """Publish a version that answers ``value``, on the rung of the test."""
    write, changes = shop.bundle.write_bundle, {"rung": shop.rung, **changes}
    return str(registry.publish(lambda folder: write(folder, value, **changes)))


def settings(shop: Shop, **changes: Any) -> Any:
    """Settings that follow a new champion at once."""
    return shop.settings.ServiceSettings(**{"reload_seconds": 0.02, **changes})


def start(shop: Shop, registry: Any, **changes: Any) -> ReadyClient:
    """A client of a service with changed settings; enter it to start the service."""
    return ReadyClient(shop.app.create_app(settings(shop, **changes), registry))


class ReadyClient(TestClient):
    """A client that waits until the service is ready; answers 500 instead of raising."""

    def __init__(self, app: Any) -> None:
        super().__init__(app, raise_server_exceptions=False)

    def __enter__(self) -> ReadyClient:
        super().__enter__()
        wait_for(lambda: self.get("/readyz").status_code == 200)
        return self


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Poll until ``condition()`` holds; fail after ``seconds``."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.01)
