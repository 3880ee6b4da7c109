"""A load generator: many kept-alive connections, one request in flight on each.

Runs as its own process, `python service_load.py PORT PATH CLIENTS SECONDS HEALTH < body`, and
prints one JSON object: answers by status, latencies of the good ones, latencies of a health probe.
The probe is a process too: it must not wait for this one.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import socket
import sys
import time
from collections import Counter
from multiprocessing.connection import Connection
from typing import Any


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> tuple[int, bool]:
    """One request on a connection: its status, and whether the server closes afterwards."""
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"transfer-encoding: chunked" in head:
        while (size := int(await reader.readline(), 16)) > 0:
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length or 0))
    return int(head[9:12]), b"connection: close" in head


async def client(
    port: int, request: bytes, end: float, seen: Counter[Any], took: list[float]
) -> None:
    """Ask until ``end``; reconnect when the server closes."""
    while time.perf_counter() < end:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            seen["refused"] += 1
            await asyncio.sleep(0.05)
            continue
        try:
            closed = False
            while not closed and time.perf_counter() < end:
                started = time.perf_counter()
                status, closed = await asyncio.wait_for(ask(reader, writer, request), 30)
                seen[status] += 1
                if status == 200:
                    took.append(time.perf_counter() - started)
        except (asyncio.IncompleteReadError, OSError, TimeoutError) as error:
            seen[type(error).__name__] += 1
        finally:
            writer.close()


def probe(port: int, path: str, seconds: float, results: Connection) -> None:
    """Ask for the health every 50 ms, as an orchestrator would, on fresh connections."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
    took: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        started = time.perf_counter()
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(request)
                while connection.recv(65536):
                    pass
        except OSError:
            pass
        took.append(time.perf_counter() - started)
        time.sleep(0.05)
    results.send(took)


async def measure(
    port: int, path: str, clients: int, seconds: float, health: str
) -> dict[str, Any]:
    """Statuses and latencies, in milliseconds."""
    body = sys.stdin.buffer.read()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    seen: Counter[Any] = Counter()
    took: list[float] = []
    results, sender = multiprocessing.Pipe(duplex=False)
    prober = multiprocessing.Process(target=probe, args=(port, health, seconds, sender))
    prober.start()
    started = time.perf_counter()
    end = started + seconds
    tasks = [client(port, head.encode() + body, end, seen, took) for _ in range(clients)]
    await asyncio.gather(*tasks)
    elapsed = time.perf_counter() - started
    probes: list[float] = results.recv()
    prober.join()
    return {
        "statuses": dict(seen),
        "good_per_second": len(took) / elapsed,
        "p50": quantile(took, 0.5),
        "p99": quantile(took, 0.99),
        "probe_p50": quantile(probes, 0.5),
        "probe_max": quantile(probes, 1.0),
    }


def quantile(seconds: list[float], share: float) -> float:
    """A quantile in milliseconds, NaN of nothing."""
    if not seconds:
        return float("nan")
    return sorted(seconds)[min(len(seconds) - 1, int(share * len(seconds)))] * 1000


if __name__ == "__main__":
    port, path, clients, seconds, health = sys.argv[1:]
    result = asyncio.run(measure(int(port), path, int(clients), float(seconds), health))
    print(json.dumps(result))
