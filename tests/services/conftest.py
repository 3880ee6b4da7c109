"""Fixtures of the service's tests: the rendered package, a registry, a client."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.services.shop import Shop, publish, render, start


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The service of every target, importable as ``shop.service``."""
    source = tmp_path_factory.mktemp("source")
    render(source / "shop")
    sys.path.insert(0, str(source))
    yield Shop(source)
    sys.path.remove(str(source))


@pytest.fixture(autouse=True)
def monitoring_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts of one test stay out of the next."""
    monkeypatch.setenv("SHOP_MONITORING", str(tmp_path / "monitoring"))


@pytest.fixture(params=["kept", "compiled"])
def registry(shop: Shop, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A registry whose champion v0001 answers 1, with pandas or compiled."""
    shop.rung = request.param
    registry = shop.registry.FileRegistry(tmp_path / "registry")
    publish(shop, registry, 1, classes=[0, 1])
    yield registry
    shop.rung = "kept"


@pytest.fixture
def client(shop: Shop, registry: Any) -> Iterator[TestClient]:
    """A client of a service that is ready."""
    with start(shop, registry) as client:
        yield client
