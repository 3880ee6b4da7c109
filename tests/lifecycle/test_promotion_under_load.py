"""A service under load goes through ten promotions and a rollback without a failed request."""

from __future__ import annotations

import json
import socket
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from tests.lifecycle.project import Shop, visits

BODY = json.dumps({"instances": [{"age": 31.0, "device": "phone", "spent": 12.5}]}).encode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(port: int) -> str:
    """One request; returns the version that answered."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/predict",
        data=BODY,
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return str(json.load(answer)["model_version"])


def wait_for(port: int, version: str, seconds: float = 30.0) -> None:
    """Wait until ``version`` answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if ask(port) == version:
                return
        except OSError:
            pass
        time.sleep(0.02)
    pytest.fail(f"{version} did not come into service")


class Client(threading.Thread):
    """Asks without pause, and remembers versions and failures."""

    def __init__(self, port: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.stop = port, stop
        self.versions: list[str] = []
        self.failures: list[str] = []

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.versions.append(ask(self.port))
            except Exception as error:  # noqa: BLE001  every failure counts
                self.failures.append(repr(error))


@pytest.mark.slow
def test_promotions_drop_no_request_and_versions_only_move_as_promoted(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    visits(600, 1).to_csv(shop.data, index=False)
    for _ in range(11):
        assert shop.run("train").returncode == 0
    port = free_port()
    service = shop.serve(port, SHOP_RELOAD_SECONDS="0.05")
    stop = threading.Event()
    clients = [Client(port, stop) for _ in range(8)]
    try:
        wait_for(port, "v0001")
        for client in clients:
            client.start()
        for number in range(2, 12):
            assert shop.run("promote", f"v{number:04d}").returncode == 0
            wait_for(port, f"v{number:04d}")
        assert shop.run("rollback").stdout.strip() == "v0010"
        wait_for(port, "v0010")
        time.sleep(0.3)
    finally:
        stop.set()
        for client in clients:
            if client.ident is not None:
                client.join(timeout=30)
        service.terminate()
        service.wait(timeout=60)
    assert [failure for client in clients for failure in client.failures] == []
    expected = [f"v{number:04d}" for number in range(1, 12)] + ["v0010"]
    for client in clients:
        seen = [
            v
            for v, before in zip(client.versions, [None, *client.versions], strict=False)
            if v != before
        ]
        assert is_subsequence(seen, expected)
        assert seen[-1] == "v0010"
    assert sum(len(client.versions) for client in clients) > 300


def is_subsequence(part: list[str], whole: list[str]) -> bool:
    """Whether ``part`` comes in the order of ``whole``."""
    rest = iter(whole)
    return all(item in rest for item in part)
