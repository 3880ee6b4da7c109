"""Open the trained version in a new process: reload (V7), the running HTTP service (V14), its compiled form (V15).

The process starts before there is a version and imports what it will need. When it is done with its checks it scores
rows alone for V4 (see ``sharing``).
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..channel import Channel
from . import sharing
from .absent import TrainingOnly, absent
from .wording import error, finding


def main(request_path: str) -> None:
    """Wait for the trained version, run the checks and send their outcomes; the last message is ``done``."""
    place = json.loads(Path(request_path).read_text("utf-8"))
    channel = Channel()
    sys.path[0] = place["source"]
    os.chdir("/")
    with absent(place["absent"]):
        for module in ("bundle", "features", "service.app"):
            with suppress(Exception):  # the check that needs it tells
                importlib.import_module(f"{place['package']}.{module}")
    request = {**sharing.wait_for(place["trained"]), "absent": place["absent"]}
    for identity, name, code, check in (
        ("V7", "reload", "E-STATE", _reload),
        ("V14", "HTTP service", "E-SERVICE", _service),
        ("V15", "compiled form", "E-SERVICE", _compiled),
    ):
        findings = []
        try:
            status, figure, *findings = check(request)
        except TrainingOnly as raised:
            status, figure = "failed", str(raised)
        except ImportError as raised:
            missing = isinstance(raised, ModuleNotFoundError)
            what = f"{raised.name} is not installed here" if missing else error(raised)
            status, figure = "skipped", f"{what}; install the project's requirements.lock"
        except Exception as raised:  # noqa: BLE001  what the package raises is a result
            status, figure = "failed", error(raised)
        if status == "failed":
            made = {} if identity == "V7" else request["sink"]
            findings = findings or [finding(code, f"{name}: {figure}", **made)]
        channel.send(
            "check", id=identity, name=name, status=status, figure=figure, findings=findings
        )
    with suppress(Exception):  # the other process does what is not answered
        _score_alone(request, place)
    channel.send("done")
    os._exit(0)


def _score_alone(request: dict[str, Any], place: dict[str, Any]) -> None:
    """Score rows that V4 offers, each alone and as JSON, with the reloaded state."""
    from .. import comparison, storage, tables
    from .case import Package
    from .checks.single_rows import BUDGET

    package = Package(request["package"])
    bundle = package.bundle.Bundle.open(Path(request["bundle"]))
    stored: dict[str, tables.Table] = {}
    end = time.process_time() + BUDGET

    def differs(offered: dict[str, Any], rows: list[int]) -> list[int]:
        if "X" not in stored:
            stored["X"] = storage.load(offered["features"], request["records"])
        return [row for row in rows if not _holds(offered, row)]

    def _holds(offered: dict[str, Any], row: int) -> bool:
        expected = stored["X"].take([offered["places"][row]])
        try:
            frame = bundle.schema.frame([json.loads(json.dumps(offered["rows"][row]))])
            found = tables.table(package.features.transform(frame, bundle.state))
        except Exception:  # noqa: BLE001  the package under judgement may raise anything
            return False
        if found is None or (found.rows, found.width) != (1, expected.width):
            return False
        return not comparison.differences(expected, found).any()

    going_on = lambda: place["all_rows"] or time.process_time() < end  # noqa: E731
    sharing.help_with(place["scratch"], differs, going_on)


def _reload(request: dict[str, Any]) -> tuple[Any, ...]:
    """Compare the features of single rows; then learn again. A finding comes with what differs there."""
    from .. import comparison, storage, tables
    from .case import Package
    from .relearning import relearned
    from .wording import difference

    package = Package(request["package"])
    with absent(request["absent"]):
        bundle = package.bundle.Bundle.open(Path(request["bundle"]))
    expected = storage.load(request["features"], request["records"])
    if not expected.rows:
        return "skipped", "no row of X could be traced to a raw row"
    for i in range(expected.rows):
        with absent(request["absent"]):
            frame = bundle.schema.frame([request["rows"][i]])
            found = tables.table(package.features.transform(frame, bundle.state))
        one = expected.take([i])
        if found is None or (found.rows, found.width) != (1, one.width):
            return "failed", "the reloaded state gives features of another shape"
        differs = comparison.differences(one, found)
        if differs.any():
            return "failed", difference(one, found, differs, [f"row {request['labels'][i]}"])
    other = relearned(request, bundle.state)
    if other is not None:
        return "failed", other["message"], other
    rows = f"{expected.rows} single rows after saving and loading in a new process"
    return "proven", rows if not request["fit_equal"] else f"{rows}, which learns the same"


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
