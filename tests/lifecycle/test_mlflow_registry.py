"""The registry keeps its promises on a real MLflow server, which the test starts."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.lifecycle.project import Shop, visits

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("mlflow") is None, reason="mlflow is not installed"),
]

LIFE = """
from shop.registry import RegistryError, open_registry

registry = open_registry()
assert type(registry).__name__ == "MlflowRegistry"
assert registry.champion() is None

def write(folder):
    (folder / "model").write_text("weights")

names = [registry.publish(write, {"metrics": {"accuracy": 0.9}}) for _ in range(3)]
assert names == ["v0001", "v0002", "v0003"], names
assert registry.champion() == "v0001"
registry.promote("v0002", "better")
assert registry.champion() == "v0002"
assert (registry.path("v0002") / "model").read_text() == "weights"
assert registry.rollback() == "v0001"
assert [v.name for v in registry.versions() if v.champion] == ["v0001"]
assert registry.prune(1) == ["v0002"]
assert [h["action"] for h in registry.history()] == ["promote", "promote", "rollback"]
try:
    registry.promote("v0099")
except RegistryError as error:
    print("refused")
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an MLflow server."""
    folder = tmp_path_factory.mktemp("mlflow")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    uri = f"http://127.0.0.1:{port}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port),
             "--workers", "1", "--backend-store-uri", f"sqlite:///{folder}/mlflow.db",
             "--artifacts-destination", str(folder / "artifacts")],
            stdout=log,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{uri}/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail((folder / "log").read_text())
        yield uri
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_publish_promote_roll_back_and_retain(server: str, tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    process = shop.script(LIFE, MLFLOW_TRACKING_URI=server, TMPDIR=str(tmp_path))
    out, problems = process.communicate(timeout=180)
    assert process.returncode == 0, problems
    assert out.splitlines()[-1] == "refused"


def test_a_server_that_is_away_is_not_an_empty_registry(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    visits(50, 1).to_csv(shop.data, index=False)
    gone = {"MLFLOW_TRACKING_URI": "http://127.0.0.1:9", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0"}
    process = shop.script(
        "from shop.registry import open_registry\nopen_registry().champion()", **gone
    )
    _, problems = process.communicate(timeout=120)
    assert process.returncode != 0
    assert "127.0.0.1" in problems
