"""Open the trained version in a new process: reload (V7) and the running HTTP service (V14)."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from ..channel import Channel
from .wording import error, finding


def main(request_path: str) -> None:
    """Run both checks and send their outcomes; the last message is ``done``."""
    request = json.loads(Path(request_path).read_text("utf-8"))
    channel = Channel()
    sys.path[0] = request["source"]
    os.chdir("/")
    for identity, name, code, check in (
        ("V7", "reload", "E-STATE", _reload),
        ("V14", "HTTP service", "E-SERVICE", _service),
    ):
        try:
            status, figure = check(request)
        except ImportError as raised:
            missing = isinstance(raised, ModuleNotFoundError)
            what = f"{raised.name} is not installed here" if missing else error(raised)
            status, figure = "skipped", f"{what}; install the project's requirements.lock"
        except Exception as raised:  # noqa: BLE001  what the package raises is a result
            status, figure = "failed", error(raised)
        findings = [finding(code, f"{name}: {figure}")] if status == "failed" else []
        channel.send(
            "check", id=identity, name=name, status=status, figure=figure, findings=findings
        )
    channel.send("done")
    os._exit(0)


def _reload(request: dict[str, Any]) -> tuple[str, str]:
    from .. import comparison, storage, tables
    from .case import Package
    from .wording import difference

    package = Package(request["package"])
    bundle = package.bundle.Bundle.open(Path(request["bundle"]))
    expected = storage.load(request["features"], request["records"])
    if not expected.rows:
        return "skipped", "no row of X could be traced to a raw row"
    for i in range(expected.rows):
        frame = bundle.schema.frame([request["rows"][i]])
        found = tables.table(package.features.transform(frame, bundle.state))
        one = expected.take([i])
        if found is None or (found.rows, found.width) != (1, one.width):
            return "failed", "the reloaded state gives features of another shape"
        differs = comparison.differences(one, found)
        if differs.any():
            return "failed", difference(one, found, differs, [f"row {request['labels'][i]}"])
    return "proven", f"{expected.rows} single rows after saving and loading in a new process"


def _service(request: dict[str, Any]) -> tuple[str, str]:
    from .. import storage
    from . import http

    if request["predictions"] is None:
        return "skipped", "the notebook's model gave no predictions to compare with"
    expected = storage.load(request["predictions"], request["records"])
    if not expected.rows:
        return "skipped", "no row of X could be traced to a raw row"
    with http.running(request["package"]) as post:
        return http.compare(post, request, expected)
