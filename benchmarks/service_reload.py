"""Reload a service under load: does every answer match the version that it names?

    python benchmarks/service_reload.py [--reloads 10000] [--clients 8] [--versions 4]

Trains the small shop of the lifecycle tests on different tastes, so that each version gives one row a probability
of its own. Then versions are promoted in turn, SIGHUP asks for each, and the next one follows once `/readyz` names it,
while clients ask without pause. Exit code 1 when an answer fails, or its probability is not that of its version.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import math
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.lifecycle.project import Shop, visits  # noqa: E402

ROW = {"age": 41.0, "device": "phone", "spent": 12.5}


class Server:
    """A running service and what was seen of it."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port, self.process = port, process
        self.expected: dict[str, float] = {}
        self.seen: Counter[str] = Counter()
        self.wrong: list[dict[str, Any]] = []
        self.done = False

    async def client(self) -> None:
        """Ask for the row until the reloads are done; compare each answer with its version."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while not self.done:
            status, answer = await ask(reader, writer, "POST /predict", {"instances": [ROW]})
            version = answer.get("model_version", "none")
            if status == 200 and matches(answer, self.expected[version]):
                self.seen[version] += 1
            else:
                self.wrong.append({"status": status, **answer})
        writer.close()

    async def wait_for(self, version: str, connection: Any) -> None:
        """Wait until the service says that ``version`` is in place."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            _, answer = await ask(*connection, "GET /readyz", None)
            if answer.get("model_version") == version:
                return
            await asyncio.sleep(0.002)
        sys.exit(f"{version} was not loaded within a minute")


def matches(answer: dict[str, Any], expected: float) -> bool:
    """Whether the probability is the expected one, but for the rounding of a batched product."""
    given: float = answer["probabilities"][0][1]
    return math.isclose(given, expected, rel_tol=1e-12)


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, route: str, body: Any
) -> tuple[int, dict[str, Any]]:
    """One request on a kept-alive connection: status and document."""
    content = b"" if body is None else json.dumps(body).encode()
    head = f"{route} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(content)}\r\n\r\n"
    writer.write(head.encode() + content)
    answer = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(answer.partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return int(answer[9:12]), json.loads(await reader.readexactly(length))


def train_versions(shop: Shop, count: int) -> None:
    """Versions of different tastes."""
    for number in range(count):
        visits(1500, number, taste=1.0 - 0.4 * number).to_csv(shop.data, index=False)
        shop.run("train")


def expected_answers(shop: Shop) -> dict[str, float]:
    """The probability that each version gives the row, in a process without a service."""
    sys.path.insert(0, str(shop.root / "src"))
    open_predictor = importlib.import_module("shop.batch").open_predictor
    registry = importlib.import_module("shop.registry").open_registry()
    names = [version.name for version in registry.versions()]
    answers = {name: open_predictor(name, registry).predict_records([ROW]) for name in names}
    return {name: float(found.probabilities[0][1]) for name, found in answers.items()}


async def reload(server: Server, registry: Any, reloads: int, clients: int) -> float:
    """Promote in turn, under load; seconds that it took."""
    names = list(server.expected)
    connection = await asyncio.open_connection("127.0.0.1", server.port)
    asking = [asyncio.create_task(server.client()) for _ in range(clients)]
    started = time.monotonic()
    for number in range(1, reloads + 1):
        name = names[number % len(names)]
        await asyncio.to_thread(registry.promote, name, "reload")
        os.kill(server.process.pid, signal.SIGHUP)
        await server.wait_for(name, connection)
        if number % 500 == 0:
            print(f"{number} reloads, {server.seen.total()} answers", file=sys.stderr, flush=True)
    server.done = True
    await asyncio.gather(*asking)
    return time.monotonic() - started


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--reloads", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--versions", type=int, default=4)
    options = parser.parse_args()
    shop = Shop(Path(tempfile.mkdtemp()) / "shop")
    train_versions(shop, options.versions)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = shop.serve(port, SHOP_RELOAD_SECONDS="0", SHOP_ACCESS_LOG="0", SHOP_LOG_LEVEL="ERROR")
    server = Server(port, process)
    server.expected = expected_answers(shop)
    if len(set(server.expected.values())) < options.versions:
        sys.exit("two versions answer the same; nothing could be told apart")
    try:
        sys.exit(report(server, options.reloads, options.clients))
    finally:
        process.terminate()
        process.wait(30)


def report(server: Server, reloads: int, clients: int) -> int:
    """Run, print the figures, return the exit code."""
    registry = importlib.import_module("shop.registry").open_registry()
    wait_until_ready(server.port)
    memory = psutil.Process(server.process.pid).memory_info
    asyncio.run(reload(server, registry, 20, clients))  # warm
    before, server.done = memory().rss, False
    seconds = asyncio.run(reload(server, registry, reloads, clients))
    print(
        f"{reloads} reloads in {seconds:.0f} s, {server.seen.total()} answers:", dict(server.seen)
    )
    print(f"wrong: {len(server.wrong)}", *server.wrong[:5], sep="\n  ")
    print(f"memory {before / 2**20:.0f} -> {memory().rss / 2**20:.0f} MiB")
    return 1 if server.wrong else 0


def wait_until_ready(port: int) -> None:
    """Poll until a version is in place; the port is open before that."""
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit("the service is not ready")


if __name__ == "__main__":
    main()
