"""The running process: signals, slow and hostile clients, overload. Loopback only."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.services.shop import ROW, Shop, publish, wait_for

pytestmark = pytest.mark.slow

BODY = json.dumps({"instances": [ROW]}).encode()


@contextmanager
def serving(shop: Shop, registry: Any, **changes: object) -> Iterator[Server]:
    """A server process with settings from the environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {"HOST": "127.0.0.1", "PORT": port, "REGISTRY": registry.root, **changes}
    environment = {
        **os.environ,
        "PYTHONPATH": str(shop.source),
        **{f"SHOP_{name}": str(value) for name, value in given.items()},
    }
    command = [sys.executable, "-c", "from shop.service.server import serve; serve()"]
    log = (Path(registry.root).parent / "log.txt").open("w+")
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    server = Server(process, port, log)
    try:
        wait_for(lambda: server.status("/readyz") == 200, 90)
        yield server
    finally:
        process.kill()
        process.wait()
        log.close()


class Server:
    """A server process, its port and its log."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Any) -> None:
        self.process, self.port, self._log = process, port, log

    def status(self, path: str) -> int | None:
        """The status of a GET on a fresh connection, None when nobody answers."""
        try:
            line = self.talk(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        except OSError:
            return None
        return int(line.split()[1]) if line else None

    def talk(self, *parts: bytes, pause: float = 0.0, wait: float = 30.0) -> bytes:
        """Send raw bytes; the first line of the answer, empty when the connection was cut."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as connection:
            try:
                for part in parts:
                    connection.sendall(part)
                    time.sleep(pause)
                return connection.recv(65536).partition(b"\r\n")[0]
            except ConnectionError:
                return b""

    def memory(self) -> int:
        """Resident bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) * 1024

    def log(self) -> str:
        """What was logged so far."""
        self._log.seek(0)
        return str(self._log.read())


def read_answer(connection: socket.socket) -> bytes:
    """Head and body of one answer."""
    answer = connection.recv(65536)
    while b"model_version" not in answer:
        part = connection.recv(65536)
        if not part:
            break
        answer += part
    return answer


def request(body: bytes = BODY, *headers: bytes) -> bytes:
    """A request to /predict."""
    lines = [b"POST /predict HTTP/1.1", b"Host: x", b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join([*lines, b"", body])


async def client(
    port: int, seen: Counter[object], stop: asyncio.Event, slowest: list[float]
) -> None:
    """Ask over kept-alive connections until ``stop``; count statuses and broken answers."""
    while not stop.is_set():
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            seen["refused"] += 1
            return
        asked = False
        try:
            while not stop.is_set():
                started = time.perf_counter()
                writer.write(request())
                asked = True
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
                await reader.readexactly(length)
                asked = False
                seen[int(head[9:12])] += 1
                slowest.append(time.perf_counter() - started)
                if b"connection: close" in head:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            seen["broken" if asked else "closed"] += 1
        finally:
            writer.close()


def load(server: Server, clients: int, seconds: float, during: Any = None) -> Counter[object]:
    """Statuses that ``clients`` saw in ``seconds``; ``during`` runs beside them."""
    seen: Counter[object] = Counter()

    async def run() -> None:
        stop = asyncio.Event()
        slowest: list[float] = []
        tasks = [
            asyncio.create_task(client(server.port, seen, stop, slowest)) for _ in range(clients)
        ]
        await asyncio.sleep(seconds / 2)
        if during is not None:
            await asyncio.to_thread(during)
        await asyncio.sleep(seconds / 2)
        stop.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())
    return seen


def test_sigterm_under_load_loses_no_answer_and_resets_no_connection(shop, registry):
    with serving(shop, registry, DRAIN_SECONDS=3) as server:

        def end() -> None:
            server.process.terminate()
            wait_for(lambda: server.status("/readyz") == 503)
            assert server.status("/livez") == 200
            assert server.process.wait(60) == 0

        seen = load(server, 32, 4, end)
    assert seen.pop("refused") == 32  # each client, once the port was closed
    assert seen.pop(200) > 100
    assert not seen


def test_a_request_on_its_way_when_the_port_is_closed_is_answered(shop, registry):
    with serving(shop, registry, DRAIN_SECONDS=3) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as idle:
            idle.sendall(request())
            assert read_answer(idle).startswith(b"HTTP/1.1 200 OK")
            server.process.terminate()
            wait_for(lambda: server.status("/livez") is None)
            idle.sendall(request())
            answer = read_answer(idle)
        assert answer.startswith(b"HTTP/1.1 200 OK")
        assert b"connection: close" in answer.lower()
        assert server.process.wait(60) == 0


def test_sighup_loads_the_new_champion(shop, registry):
    with serving(shop, registry, RELOAD_SECONDS=0) as server:
        registry.promote(publish(shop, registry, 2))
        server.process.send_signal(signal.SIGHUP)
        wait_for(lambda: "v0002" in httpx.get(f"http://127.0.0.1:{server.port}/readyz").text)


@pytest.mark.parametrize(
    ("parts", "pause"),
    [
        pytest.param([b""], 0, id="silence"),
        pytest.param([b"POST /pre", b"dict", b" HTTP"], 0.4, id="a slow head"),
        pytest.param([request()[:-10], b"1", b"2", b"3"], 0.4, id="a slow body"),
        pytest.param([request().replace(b"Length: ", b"Length: 9")], 0, id="a lying length"),
        pytest.param([b"GET / HTTP/1.1\r\nX: " + b"x" * 200_000] * 3, 0.1, id="an endless head"),
    ],
)
def test_slow_clients_are_cut_off(shop, registry, parts, pause):
    with serving(shop, registry, BODY_SECONDS=1) as server:
        started = time.monotonic()
        assert server.talk(*parts, pause=pause) == b""
        assert time.monotonic() - started < 12
        assert server.talk(request()) == b"HTTP/1.1 200 OK"


def test_hostile_bodies_are_refused_in_bounded_memory(shop, registry):
    with serving(shop, registry) as server:
        server.talk(request())
        before = server.memory()
        chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        chunked = request().replace(
            b"Content-Length: %d" % len(BODY), b"Transfer-Encoding: chunked"
        )
        head = chunked.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        answers = [
            server.talk(request(b" " * 50_000_000)),
            server.talk(head, *[chunk] * 50),
            server.talk(request(b"[" * 200_000)),
            server.talk(b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n"),
            server.talk(b"\x16\x03\x01\r\n\r\n"),
            server.talk(request().replace(b"Length: ", b"Length: -")),
        ]
        codes = [int(answer.split()[1]) for answer in answers]
        assert codes == [413, 413, 422, 404, 400, 400]
        assert server.memory() - before < 60 * 2**20
        assert "Traceback" not in server.log()


def test_under_overload_probes_answer_and_the_rest_is_refused_with_503(shop, registry):
    slow = publish(shop, registry, 2, seconds=0.05)
    registry.promote(slow)
    with serving(shop, registry, BATCH_ROWS=4, QUEUE_REQUESTS=16, ACCESS_LOG=0) as server:
        probes = []

        def probe() -> None:
            for _ in range(20):
                started = time.perf_counter()
                assert server.status("/livez") == 200
                probes.append(time.perf_counter() - started)

        seen = load(server, 64, 2, probe)
        assert server.status("/readyz") == 200
    assert seen[200] > 30
    assert set(seen) == {200, 503}
    assert sorted(probes)[len(probes) // 2] < 2  # seconds; nine without a queue of its own
