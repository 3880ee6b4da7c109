"""Judge a generated project by itself: run the notebook, serve the project, compare answers.

``python -m benchmarks.oracle NOTEBOOK PROJECT`` runs the notebook's cells, keeps the labels and predictions of
the fit that ``.nbprod/plan.json`` names, trains the project, starts its service on a loopback port, and posts
raw rows one by one, then many at once without their label and with the columns in another order. Every answer
must be the notebook's prediction for that row, in the terms of the raw label.

It shares no code with ``nbprod verify``: it exists to catch a wrong ``verified``. Unseeded randomness would make
every comparison a matter of luck, so both runs see ``random_state=None`` as 0.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.oracle_rows import Found, find_rows, label_column
from benchmarks.oracle_service import Answers, ask, free_port, wait_until_ready
from benchmarks.oracle_terms import decoded, equal
from benchmarks.processes import Limits, end, restrict, run

HERE = Path(__file__).resolve().parent
KERAS = ("Sequential", "Functional", "Model")


class CannotJudge(Exception):
    """A step before the comparison failed; the message says which and why, in one line."""


@dataclass(frozen=True)
class Job:
    """What is judged, where, and under which limits."""

    notebook: Path
    project: Path
    python: str
    limits: Limits
    most: int  # rows to post, 0 for all
    work: Path

    @property
    def package(self) -> str:
        """The import name of the generated package."""
        return next(p.parent.name for p in (self.project / "src").glob("*/features.py"))

    @property
    def environment(self) -> dict[str, str]:
        """Settings of the project: the copied data, a registry of its own."""
        prefix = self.package.upper()
        return {
            f"{prefix}_DATA_DIR": str(self.work / "notebook"),
            f"{prefix}_REGISTRY": str(self.work / "registry"),
            f"{prefix}_MONITORING": str(self.work / "monitoring"),
            f"{prefix}_DEADLINE_SECONDS": "120",
            "PYTHONPATH": str(self.project / "src"),
            "PYTHONWARNINGS": "ignore",
            "LOKY_MAX_CPU_COUNT": "1",  # other processes would not see the pinned randomness
            "MPLBACKEND": "Agg",
        }


def judge(
    notebook: Path,
    project: Path,
    python: str = sys.executable,
    *,
    limits: Limits = Limits(600, 16 << 30),  # noqa: B008  frozen
    most: int = 300,
) -> dict[str, Any]:
    """Return the judgement, or ``{"error": ...}`` when it did not come to one.

    ``rows`` were compared, of which ``wrong`` alone or in a batch and ``refused`` by the service; ``matched``
    says how rows were told from each other, ``terms`` how predictions were read, ``heldout`` and
    ``heldout_wrong`` count rows that the notebook predicted without training on them.
    """
    with tempfile.TemporaryDirectory(prefix="oracle-", ignore_cleanup_errors=True) as name:
        job = Job(notebook, project, python, limits, most, Path(name))
        try:
            return _judge(job)
        except CannotJudge as error:
            return {"error": str(error)}


def _judge(job: Job) -> dict[str, Any]:
    plan = json.loads((job.project / ".nbprod" / "plan.json").read_text("utf-8"))
    shutil.copytree(
        job.notebook.parent, job.work / "notebook",
        ignore=shutil.ignore_patterns(job.project.name, ".git"),
    )  # fmt: skip
    seen = run_notebook(job, plan)
    command = [job.python, str(HERE / "oracle_train.py"), str(job.project / "src"), job.package]
    trained = run(command, job.limits, cwd=job.work, environment=job.environment)
    if trained.code != 0:
        raise CannotJudge(f"train: {trained.last}")
    raw = seen["raw"] or _rows_by_the_project(job)
    fit = seen["fit"]
    target = str(plan.get("target") or "")
    found = find_rows(raw, fit, target)
    if found.how == "unmatched":
        return {"rows": 0, "wrong": 0, "refused": 0, "matched": "unmatched", "terms": ""}
    target = label_column(raw, fit, found, target)
    with _service(job) as port:
        return _compare(job, port, seen, raw, target, found)


def run_notebook(job: Job, plan: Mapping[str, Any]) -> dict[str, Any]:
    """Run the notebook in its own process; return what ``oracle_notebook`` kept."""
    from nbprod.notebook import read

    code_cells = read(job.notebook).code_cells
    cells = [{"number": c.number, "code": c.code, "tags": list(c.tags)} for c in code_cells]
    code = {cell.number: cell.code for cell in code_cells}
    sink = plan["sink"]
    source = next((s for s in plan["sources"] if s.get("primary")), None)
    request = {
        "cells": cells,
        "fit": _span(code, sink["cell"], sink["line"]),
        "top": _span(code, sink["top_cell"], sink["top_line"]),
        "source": _span(code, source["cell"], source["line"]) if source else None,
    }
    (job.work / "request.json").write_text(json.dumps(request), "utf-8")
    answer = job.work / "seen.json"
    command = [job.python, str(HERE / "oracle_notebook.py"), str(job.work / "request.json"), str(answer)]  # fmt: skip
    ran = run(command, job.limits, cwd=job.work / "notebook", environment=job.environment)
    if not answer.exists():
        raise CannotJudge(f"notebook: {ran.last}")
    seen: dict[str, Any] = json.loads(answer.read_text("utf-8"))
    if seen["fit"] is None:
        raise CannotJudge(f"notebook: the fit was not reached; {seen['failure'] or 'no failure'}")
    return seen


def _span(code: Mapping[int, str], cell: int, line: int) -> tuple[int, int, int]:
    """Return the cell and the lines of the smallest statement around a line."""
    around = [
        (node.end_lineno - node.lineno, node.lineno, node.end_lineno)
        for node in ast.walk(ast.parse(code[cell]))
        if isinstance(node, ast.stmt) and node.end_lineno and node.lineno <= line <= node.end_lineno
    ]
    _, first, last = min(around, default=(0, line, line))
    return cell, first, last


def _rows_by_the_project(job: Job) -> dict[str, Any]:
    """Return the raw rows of a source that is no file, such as a bundled data set."""
    text = (
        f"import json, sys; sys.path.insert(0, {str(HERE)!r})\n"
        f"from oracle_notebook import table\nfrom {job.package}.data import PRIMARY, load\n"
        "print(json.dumps(table(getattr(load(), PRIMARY))))"
    )
    loaded = run([job.python, "-c", text], job.limits, cwd=job.work, environment=job.environment)
    if loaded.code != 0:
        raise CannotJudge(f"data: {loaded.last}")
    found: dict[str, Any] = json.loads(loaded.out.splitlines()[-1])
    return found


class _service:
    """The project's own service on a free loopback port, as a context."""

    def __init__(self, job: Job) -> None:
        self.job, self.port = job, free_port()

    def __enter__(self) -> int:
        job, log = self.job, self.job.work / "service.log"
        with log.open("w") as stream:
            self.process = subprocess.Popen(
                [job.python, "-m", job.package, "serve", "--port", str(self.port)],
                cwd=job.work, env={**os.environ, **job.environment}, stdin=subprocess.DEVNULL,
                stdout=stream, stderr=stream, text=True, start_new_session=True,
                preexec_fn=lambda: restrict(job.limits.memory),
            )  # fmt: skip
        if not wait_until_ready(self.port, self.process):
            end(self.process)
            last = log.read_text("utf-8", "replace").strip().splitlines()[-1:]
            raise CannotJudge(f"service: {last[0][:200] if last else 'not ready'}")
        return self.port

    def __exit__(self, *_: object) -> None:
        end(self.process)


def _compare(
    job: Job, port: int, seen: Mapping[str, Any], raw: Mapping[str, Any], target: str, found: Found
) -> dict[str, Any]:
    fit = seen["fit"]
    tolerance = 1e-4 if fit["model"] in KERAS else 1e-6
    chosen = _spread(len(found.rows), job.most)
    records = [_record(raw, found.rows[i]) for i in chosen]
    alone = ask(port, records)
    together = ask(port, [_stripped(record, target) for record in records], size=50)
    best: dict[str, Any] | None = None
    for terms, expected in _readings(fit, fit["predicted"], raw, target, found):
        wanted = [expected[i] for i in chosen]
        differ = _differing(alone, wanted, tolerance) | _differing(together, wanted, tolerance)
        if best is None or len(differ) < best["wrong"]:
            best = {
                "rows": len(chosen), "wrong": len(differ), "refused": alone.refused + together.refused,
                "matched": found.how, "terms": terms,
                "examples": [
                    {"row": found.rows[chosen[k]], "alone": alone.given[k], "together": together.given[k], "notebook": wanted[k]}
                    for k in sorted(differ)[:3]
                ],
                "reason": alone.reason or together.reason,
            }  # fmt: skip
    assert best is not None
    best |= _heldout(job, port, seen, raw, found, best["terms"], tolerance, target)
    return best


def _readings(
    fit: Mapping[str, Any],
    predicted: Sequence[Any],
    raw: Mapping[str, Any],
    target: str,
    found: Found,
) -> list[tuple[str, list[Any]]]:
    """Return the ways to read predictions, the raw label's terms first.

    A label that the notebook itself makes (``(df.churn == "Yes").astype(int)``) may be answered as it
    is: all answers must then be codes.
    """
    flat = _flat(predicted)
    readings = [("as predicted", flat)]
    if target in raw["columns"] and fit["y"] is not None:
        column = raw["columns"].index(target)
        before = [raw["rows"][row][column] for row in found.rows]
        read = decoded(_flat(fit["y"]), before, flat)
        if read is not None:
            readings.insert(0, read)
    if flat and all(isinstance(p, float) and 0 <= p <= 1 for p in flat):
        readings.append(("above one half", [int(p > 0.5) for p in flat]))
    if flat and isinstance(flat[0], list):
        readings.append(("argmax", [max(range(len(p)), key=p.__getitem__) for p in flat]))
    return readings


def _heldout(
    job: Job, port: int, seen: Mapping[str, Any], raw: Mapping[str, Any], found: Found,
    terms: str, tolerance: float, target: str,
) -> dict[str, Any]:  # fmt: skip
    """Compare rows that the notebook predicted without training on them; a difference is told, not judged.

    The notebook may have prepared them in another way than the training rows, which is its own bug.
    """
    for call in reversed(seen["heldout"]):
        rows = found.other_rows(call, seen["fit"]["splits"], raw)
        if rows:
            chosen = _spread(len(rows), min(100, job.most or 100))
            given = ask(port, [_stripped(_record(raw, rows[i]), target) for i in chosen], size=50)
            readings = dict(_readings(seen["fit"], call["predicted"], raw, target, found))
            if terms not in readings:
                return {}
            wanted = [readings[terms][i] for i in chosen]
            wrong = len(_differing(given, wanted, tolerance))
            return {"heldout": len(chosen), "heldout_wrong": wrong}
    return {}


def _differing(answers: Answers, wanted: Sequence[Any], tolerance: float) -> set[int]:
    return {
        k
        for k, (given, right) in enumerate(zip(answers.given, wanted, strict=True))
        if not equal(given, right, tolerance)
    }


def _flat(values: Sequence[Any]) -> list[Any]:
    """Return (n, 1) as (n,)."""
    return [v[0] if isinstance(v, list) and len(v) == 1 else v for v in values]


def _record(raw: Mapping[str, Any], row: int) -> dict[str, Any]:
    return dict(zip(raw["columns"], raw["rows"][row], strict=True))


def _stripped(record: Mapping[str, Any], target: str) -> dict[str, Any]:
    return {name: record[name] for name in reversed(list(record)) if name != target}


def _spread(count: int, most: int) -> list[int]:
    """Return at most so many positions, evenly over all."""
    step = max(1.0, count / most) if most else 1.0
    return sorted({int(k * step) for k in range(count) if k * step < count})


def main() -> int:
    """Print the judgement as JSON; exit code 1 when an answer is wrong or refused or none could be had."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook", type=Path)
    parser.add_argument("project", type=Path)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--timeout", type=float, default=600, help="seconds a step")
    parser.add_argument("--memory", type=float, default=16, help="GiB of address space a process")
    parser.add_argument("--rows", type=int, default=300, help="rows to compare; 0 is all")
    options = parser.parse_args()
    result = judge(
        options.notebook.resolve(), options.project.resolve(), options.python,
        limits=Limits(options.timeout, int(options.memory * 2**30)), most=options.rows,
    )  # fmt: skip
    print(json.dumps(result))
    return 1 if "error" in result or result["wrong"] or result["refused"] else 0


if __name__ == "__main__":
    sys.exit(main())
