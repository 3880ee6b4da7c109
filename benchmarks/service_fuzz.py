"""Fuzz a running service: `python benchmarks/service_fuzz.py PORT [--requests 100000]`.

Takes the columns from `/schema`, spoils valid requests in many ways, sends them over loopback, and
prints the answers by status. Exit code 1 when a request got a 5xx, no answer, or no JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import urllib.request
from collections import Counter
from typing import Any

ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 1e308, -1e308, 1e-320, 2**63, 2**64, -(2**70), 10**300,
    "", " ", "NaN", "nan", "inf", "-1", "1e5", "\x00", "\u202e", "\U0001f600" * 50, "x" * 5000,
    "2020-01-01", "2020-13-45", "0001-01-01T00:00:00", "9999-12-31T23:59:59+14:00", "' OR 1=1 --",
    [], [1], {}, {"a": 1}, [[[[1]]]],
)  # fmt: skip
RAW_VALUES = (b"NaN", b"Infinity", b"-Infinity", b"1e400", b"-1e400", b"9" * 400, b"0x10", b"01")
RAW_VALUES += (
    b'"\\ud800"',
    b'"\\u0000"',
    b'"\xff"',
    b"[" * 3000,
    b"undefined",
    b"'a'",
    b"1.",
    b"+1",
)
FORMATS = ("application/json", "text/csv", "application/vnd.apache.parquet", "text/plain")
FORMATS += ("application/vnd.apache.arrow.stream", "application/json; charset=utf-16", "")


def requests(row: dict[str, Any], seed: int, count: int) -> Any:
    """Yield ``count`` bodies with their media types."""
    chance = random.Random(seed)
    for _ in range(count):
        rows = [spoiled(row, chance) for _ in range(chance.choice((1, 1, 1, 2, 5)))]
        body = json.dumps({"instances": rows}).encode()
        kind = chance.random()
        if kind < 0.2:
            body = body.replace(b'"@raw@"', chance.choice(RAW_VALUES))
        elif kind < 0.35:
            body = mutated(body, chance)
        elif kind < 0.4:
            names = list(row)
            chance.shuffle(names)
            lines = [names, *([str(r.get(name, "")) for name in names] for r in rows)]
            body = "\n".join(",".join(line) for line in lines).encode("utf-8", "replace")
        media_type = FORMATS[0] if chance.random() < 0.85 else chance.choice(FORMATS)
        yield media_type, body


def spoiled(row: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A row with some values replaced, removed or added."""
    changed = dict(row)
    for name in chance.sample(list(row), k=min(len(row), chance.choice((0, 1, 1, 2, 3)))):
        way = chance.random()
        if way < 0.15:
            del changed[name]
        elif way < 0.3:
            changed[name] = "@raw@"
        else:
            changed[name] = chance.choice(ODD_VALUES)
    if chance.random() < 0.1:
        changed["other " + chance.choice(list(row))] = chance.choice(ODD_VALUES)
    return changed


def mutated(body: bytes, chance: random.Random) -> bytes:
    """A body with bytes changed, cut or repeated."""
    data = bytearray(body)
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(max(1, len(data)))
        way = chance.random()
        if way < 0.5 and data:
            data[place] = chance.randrange(256)
        elif way < 0.7:
            del data[place:]
        else:
            data[place:place] = data[place : place + chance.randint(1, 40)]
    return bytes(data)


async def send(port: int, work: Any, seen: Counter[str], bad: list[tuple[str, bytes]]) -> None:
    """Send requests over one connection until there are none left."""
    reader = writer = None
    for media_type, body in work:
        if writer is None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: {media_type}\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        try:
            answer = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = answer.partition(b"content-length: ")[2].partition(b"\r\n")[0]
            json.loads(await reader.readexactly(int(length)))
            status = answer[9:12].decode()
        except (asyncio.IncompleteReadError, OSError, ValueError) as error:
            status, writer = type(error).__name__, None
        seen[status] += 1
        if status not in ("200", "400", "413", "415", "422"):
            bad.append((status, body))


async def fuzz(port: int, row: dict[str, Any], count: int, seed: int) -> int:
    """Fuzz with 16 connections; print the outcome."""
    seen: Counter[str] = Counter()
    bad: list[tuple[str, bytes]] = []
    work = iter(requests(row, seed, count))
    await asyncio.gather(*(send(port, work, seen, bad) for _ in range(16)))
    print(f"seed {seed}:", dict(sorted(seen.items())))
    for status, body in bad[:10]:
        print(status, body[:300])
    return 1 if bad else 0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with urllib.request.urlopen(f"http://127.0.0.1:{options.port}/schema") as answer:
        columns = json.load(answer)["columns"]
    row = {column["name"]: column["example"] for column in columns}
    sys.exit(asyncio.run(fuzz(options.port, row, options.requests, options.seed)))


if __name__ == "__main__":
    main()
