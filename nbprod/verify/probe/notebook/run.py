"""Run the cells of a notebook in order, in this process, and report what was recorded."""

from __future__ import annotations

import ast
import json
import linecache
import os
import sys
import traceback
import types
from typing import Any

from .. import randomness, versions
from ..channel import Channel
from . import calls, surroundings
from .history import History
from .networks import KEEPER, SPLITTER
from .record import Recorder


def main(request_path: str) -> None:
    """Run the notebook that the request describes; the last message is ``done``."""
    with open(request_path, encoding="utf-8") as stream:  # noqa: PTH123
        request = json.load(stream)
    channel = Channel()
    os.chdir(request["folder"])
    sys.path[0] = ""
    recorder = Recorder(request["records"], request["sink"])
    history = History(request["records"], request["sink"]) if request.get("history") else None
    module = types.ModuleType("__main__")
    failure = _run(request["cells"], recorder, channel, history, module)
    recorder.finish(module.__dict__)
    if history is not None:
        history.write()
    channel.send(
        "done",
        failure=failure,
        fit=recorder.fit,
        predictions=recorder.predictions,
        reads=recorder.reads,
        fits=recorder.fits,
        rows_added=recorder.rows_added,
        threshold=_number(module.__dict__.get(request["sink"].get("threshold"))),
        python=versions.python(),
        versions=versions.libraries(),
    )
    # Threads and hooks that the notebook left behind have nothing to say any more.
    os._exit(0)


def _run(
    cells: list[dict[str, Any]],
    recorder: Recorder,
    channel: Channel,
    history: History | None,
    module: types.ModuleType,
) -> dict[str, Any] | None:
    names = module.__dict__
    names.update(surroundings.prepare())
    names[calls.MARKER] = recorder
    if recorder.networks is not None:
        names[KEEPER] = recorder.networks.keep
        names[SPLITTER] = recorder.networks.splitter
    sys.modules["__main__"] = module
    import numpy as np  # noqa: F401  so that its generator can be pinned

    randomness.pin()
    for cell in cells:
        number = cell["number"]
        channel.send("cell", number=number)
        try:
            failure = _run_cell(cell, number, names, recorder, history)
        except _FitReached:
            return None
        surroundings.close_plots()
        if failure is not None and "raises-exception" not in cell["tags"]:
            return failure
    return None


def _number(value: Any) -> float | None:
    """Return a value of the notebook as a number, None where it is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


class _FitReached(BaseException):
    """The history is complete."""


def _run_cell(
    cell: dict[str, Any],
    number: int,
    names: dict[str, Any],
    recorder: Recorder,
    history: History | None,
) -> dict[str, Any] | None:
    filename = "<cell %d>" % number  # noqa: UP031
    code = cell["code"]
    linecache.cache[filename] = (len(code), None, code.splitlines(True), filename)
    try:
        tree = ast.parse(code, filename)
        recorder.spans[number] = calls.spans(tree)
        if recorder.networks is not None:
            tree = recorder.networks.marked(number, tree)
        tree = calls.Marker(number).visit(tree)
        for node in tree.body:
            # One statement at a time: libraries that a statement imports are pinned before the next.
            if history is not None and history.ends(number, node):
                raise _FitReached
            part = ast.Module(body=[node], type_ignores=[])
            exec(compile(part, filename, "exec", dont_inherit=True), names)  # noqa: S102
            if recorder.networks is not None and recorder.networks.ends(number, node):
                recorder.trained(number, names)
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                randomness.pin_libraries()
            if history is not None:
                history.add(number, node, names)
            if recorder.asking is not None:
                recorder.asking.after(number, node, names)
        recorder.cell_done(number, names)
    except _FitReached:
        raise
    except SystemExit as error:
        return _failure(number, error) if error.code else None
    except BaseException as error:  # noqa: BLE001  whatever the notebook raises
        return _failure(number, error)
    return None


def _failure(number: int, error: BaseException) -> dict[str, Any]:
    line = 1
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == "<cell %d>" % number:  # noqa: UP031
            line = frame.lineno or line
    if isinstance(error, SyntaxError) and error.lineno:
        line = error.lineno
    text = " ".join(str(error).split())[:300]
    name = type(error).__name__
    return {
        "cell": number,
        "line": line,
        "error": f"{name}: {text}" if text else name,
    }
