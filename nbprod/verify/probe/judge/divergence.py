"""Find the first statement after which the package's tables are no longer the notebook's.

The notebook's run left every version of every column, with the statement that made it. The package fits
under a line trace: a column that takes a value which it never has in the notebook, and never comes back to
one that it has, has gone another way.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from .. import comparison, randomness, storage
from ..channel import Channel
from ..notebook.history import FILE
from ..snapshots import Snapshots, Version
from ..tables import Table
from .case import Package
from .origins import most_alike, statement_at
from .wording import error, examples, finding

ADVICE = "features.py does something else than this statement: undo the edit, or convert again"


class Step(NamedTuple):
    """A change of a column in the package: the line that made it, and the new version."""

    line: int
    version: Version


def main(request_path: str) -> None:
    """Send the finding that names the statement, if there is one; the last message is ``done``."""
    request = json.loads(Path(request_path).read_text("utf-8"))
    channel = Channel()
    sys.path[0] = request["source"]
    os.chdir(request["scratch"])
    problem = None
    try:
        import sklearn.utils  # noqa: F401  so that its generator can be pinned

        randomness.pin()
        found = locate(request)
        if found is not None:
            channel.send("finding", **found)
    except Exception as raised:  # noqa: BLE001  what the package raises is a result
        problem = finding("E-PACKAGE", f"the package cannot be traced: {error(raised)}")
    channel.send("done", problem=problem)
    os._exit(0)


def locate(request: dict[str, Any]) -> dict[str, Any] | None:
    """Return a finding about the first statement that differs, None when no column shows it."""
    package = Package(request["package"])
    notebook = json.loads(Path(request["records"], FILE).read_text("utf-8"))
    sources = package.data.load()
    filename = str(package.features.__file__)
    fitted: list[Any] = []
    steps = traced(lambda: fitted.append(package.features.fit(sources)), filename)
    culprit = first_departure(notebook, steps)
    if culprit is None:
        names = [str(c) for _, training in fitted for c in getattr(training.X, "columns", ())]
        steps_of_features = [step for step in steps if step.version.column in names]
        return _left_out(request, notebook, steps) or _added(
            request, notebook, steps_of_features, filename
        )
    step, before, after = culprit
    values = None if after is None else after["values"]
    expected = storage.load(values, request["records"]) if values else None
    made = after or before
    source = _source(request, made)
    text = statement_at(filename, step.line)
    actual = step.version.values
    name = f"{step.version.variable}[{step.version.column!r}]"
    if after is None:
        what = "the notebook leaves it as it is"
    elif expected is not None and expected.rows != actual.rows:
        name = step.version.variable
        what = f"{actual.rows} rows, {expected.rows} in the notebook"
    else:
        what = _compared(expected, actual)
    return finding(
        "E-FIT-DIFFERS",
        f"{name} is the first that differs, after {text!r} (features.py:{step.line}): {what}",
        ADVICE,
        cell=made["cell"] if made else None,
        line=made["line"] if made else None,
        source=source,
    )


def traced(action: Callable[[], Any], filename: str) -> list[Step]:
    """Run ``action`` and return the changes of columns in the functions of a file, in order."""
    steps: list[Step] = []
    snapshots: dict[str, Snapshots] = {}
    last: dict[int, int] = {}

    def trace_lines(frame: FrameType, event: str, _: Any) -> Any:
        if event in ("line", "return"):
            line = last.get(id(frame))
            if line is not None:
                seen = snapshots.setdefault(frame.f_code.co_name, Snapshots())
                variables = list(frame.f_locals.items())
                steps.extend(Step(line, version) for version in seen.changes(variables))
            last[id(frame)] = frame.f_lineno
        if event == "return":
            last.pop(id(frame), None)
        return trace_lines

    def trace_calls(frame: FrameType, event: str, _: Any) -> Any:
        return trace_lines if frame.f_code.co_filename == filename else None

    before = sys.gettrace()
    sys.settrace(trace_calls)
    try:
        action()
    except Exception:  # noqa: BLE001  the steps before the failure tell enough
        pass
    finally:
        sys.settrace(before)
    return steps


def first_departure(
    notebook: list[dict[str, Any]], steps: list[Step]
) -> tuple[Step, dict[str, Any] | None, dict[str, Any] | None] | None:
    """Return the first step that leaves the notebook's ways for good, with the versions around it.

    The versions are the notebook's last one that the package had too, and the one that follows.
    """
    known: dict[str, dict[str, int]] = {}
    for place, version in enumerate(notebook):
        known.setdefault(version["column"], {}).setdefault(version["digest"], place)
    pending: dict[str, tuple[int, Step]] = {}
    matched: dict[str, int] = {}
    for order, step in enumerate(steps):
        column, digest = step.version.column, step.version.digest
        if column not in known:
            continue
        if digest in known[column]:
            pending.pop(column, None)
            matched[column] = max(matched.get(column, -1), known[column][digest])
        else:
            pending.setdefault(column, (order, step))
    if not pending:
        return None
    column, (_, step) = min(pending.items(), key=lambda item: item[1][0])
    last = matched.get(column, -1)
    before = notebook[last] if last >= 0 else None
    after = next((v for v in notebook[last + 1 :] if v["column"] == column), None)
    return step, before, after


def _left_out(
    request: dict[str, Any], notebook: list[dict[str, Any]], steps: list[Step]
) -> dict[str, Any] | None:
    """Return a finding about a feature that the package never makes."""
    made = {step.version.column for step in steps}
    wanted = set(request["features"] or ()) - made
    version = next((v for v in notebook if v["column"] in wanted), None)
    if version is None:
        return None
    return finding(
        "E-FIT-DIFFERS",
        f"the package never makes {version['column']!r}, which this statement makes",
        "features.py leaves this statement out: convert again, or write it there",
        cell=version["cell"],
        line=version["line"],
        source=_source(request, version),
    )


def _added(
    request: dict[str, Any], notebook: list[dict[str, Any]], steps: list[Step], filename: str
) -> dict[str, Any] | None:
    """Return a finding about the first column of the package's features that no table of the notebook has."""
    known = {version["column"] for version in notebook}
    made = next((step for step in steps if step.version.column not in known), None)
    if made is None:
        return None
    text = statement_at(filename, made.line)
    place = most_alike(request["cells"], list(request["cells"]), text)
    return finding(
        "E-FIT-DIFFERS",
        f"{text!r} (features.py:{made.line}) makes {made.version.column!r}, which the notebook has not",
        ADVICE,
        **place,
    )


def _compared(expected: Table | None, actual: Table) -> str:
    """Say how a column differs from the notebook's."""
    if expected is None:
        return "other values than in the notebook"
    differs = comparison.differences(expected, actual)[:, 0]
    labels = expected.labels if expected.labels is not None else np.arange(expected.rows)
    rows = [f"row {label}" for label in labels]
    told = "; ".join(examples(expected, actual, 0, np.flatnonzero(differs), rows))
    return f"{int(differs.sum())} of {expected.rows} rows differ; {told}"


def _source(request: dict[str, Any], version: dict[str, Any] | None) -> str:
    if version is None:
        return ""
    lines = request["cells"].get(str(version["cell"]), "").splitlines()
    return next(iter(_line(lines, version["line"])), "")


def _line(lines: list[str], number: int) -> Iterator[str]:
    if 0 < number <= len(lines):
        yield lines[number - 1].strip()
