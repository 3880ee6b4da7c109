"""Post rows to a running service and wait for one to be ready."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answers:
    """One answer a record, None where the service refused; ``reason`` is its first refusal."""

    given: tuple[Any, ...]
    refused: int
    reason: str


def ask(port: int, records: Sequence[Mapping[str, Any]], size: int = 1) -> Answers:
    """Post records ``size`` at a time over one connection."""
    given: list[Any] = []
    refused, reason = 0, ""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for start in range(0, len(records), size):
        part = records[start : start + size]
        body = json.dumps({"instances": part})
        connection.request("POST", "/predict", body, {"content-type": "application/json"})
        response = connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        if response.status == 200:
            given.extend(json.loads(text)["predictions"])
        else:
            given.extend([None] * len(part))
            refused += len(part)
            reason = reason or f"{response.status} {text[:200]}"
    connection.close()
    return Answers(tuple(given), refused, reason)


def wait_until_ready(port: int, process: subprocess.Popen[str], seconds: float = 120) -> bool:
    """Return whether ``/readyz`` says yes before the time is over or the process ends."""
    latest = time.monotonic() + seconds
    while time.monotonic() < latest and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return True
        except OSError:
            pass
        time.sleep(0.2)
    return False


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


__all__ = ["Answers", "ask", "free_port", "wait_until_ready"]
