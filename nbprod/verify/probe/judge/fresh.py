"""Open the trained version in a new process: reload (V7), the running HTTP service (V14), its compiled form (V15)."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from ..channel import Channel
from .wording import error, finding


def main(request_path: str) -> None:
    """Run the checks and send their outcomes; the last message is ``done``."""
    request = json.loads(Path(request_path).read_text("utf-8"))
    channel = Channel()
    sys.path[0] = request["source"]
    os.chdir("/")
    for identity, name, code, check in (
        ("V7", "reload", "E-STATE", _reload),
        ("V14", "HTTP service", "E-SERVICE", _service),
        ("V15", "compiled form", "E-SERVICE", _compiled),
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


def _compiled(request: dict[str, Any]) -> tuple[str, str]:
    """Compare the compiled form, where training accepted one, with the trained model once more."""
    from .case import Package

    folder = Path(request["bundle"])
    report = folder / "compiled.json"
    if not report.is_file():
        return "n/a", "the project has none; pandas serves it"
    noted = json.loads(report.read_text("utf-8"))
    if noted["rung"] != "compiled":
        return "n/a", f"pandas serves it: {noted['reason']}"
    package = Package(request["package"])
    compiled = Package(f"{request['package']}.compiled")
    kept = package.predict.Predictor(package.bundle.Bundle.open(folder))
    lean = compiled.predictor.CompiledPredictor(compiled.predictor.CompiledBundle.open(folder))
    rows = request["rows"]
    with compiled.acceptance.one_core(kept.bundle.model):
        for batch in [[row] for row in rows] + [rows]:
            given, expected = lean.predict_records(batch), kept.predict_records(batch)
            found = compiled.acceptance.difference(expected, given)
            if found:
                return "failed", f"{found} between the compiled form and the trained model"
    seen = noted["compared"]
    rows = f"{seen['batch']} rows together, {seen['alone']} alone and {seen['fuzzed']} spoiled ones"
    return "proven", f"needs no pandas; training compared {rows}, bit for bit"
