"""One notebook of the corpus: a private copy, then convert, verify, train, serve and judge it.

Each step is a process of its own with a time and a memory limit; whatever a step does, the case ends in an
``Outcome``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.processes import Limits, Step, run

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Outcome:
    """What became of one notebook; a step that did not run is None.

    ``fit``, ``rows`` are the statuses of the certificate's V1 and V4, ``judged`` the answer of the
    independent oracle.
    """

    id: str
    core: bool
    role: str
    converted: str = "crashed"  # yes | refused | unreadable | crashed
    level: str = ""
    fit: str = ""
    rows: str = ""
    failed: tuple[str, ...] = ()  # names of the certificate's checks that are not green
    judged: Mapping[str, Any] | None = None
    codes: tuple[str, ...] = ()  # errors, in order of appearance
    note: str = ""
    seconds: float = 0.0
    messages: tuple[str, ...] = field(default=(), repr=False)

    @property
    def http(self) -> str:
        """``equal``, ``differs``, ``unmatched`` when no answer could be told to a row, or ``""``."""
        if not self.judged or "error" in self.judged:
            return ""
        if self.judged["wrong"] or self.judged["refused"]:
            return "differs"
        return "equal" if self.judged["rows"] else "unmatched"

    @property
    def wrongly_verified(self) -> bool:
        """Whether a certificate says more than the oracle saw."""
        return self.level in ("verified", "proven") and self.http == "differs"

    @property
    def right(self) -> bool:
        """Whether the notebook is certified and every answer over HTTP was the notebook's."""
        return self.level in ("verified", "proven") and self.http == "equal"


def run_case(
    entry: Mapping[str, Any],
    folder: Path,
    work: Path,
    python: str | None,
    limits: Limits,
    rows: int,
) -> Outcome:
    """Take one notebook through all steps; with ``python`` None it is converted only."""
    start = time.monotonic()
    facts: dict[str, Any] = {
        "id": entry["id"], "core": bool(entry.get("core")), "role": str(entry.get("role", "")),
    }  # fmt: skip
    try:
        notebook = private_copy(entry, folder, work)
        facts |= _steps(entry["id"], notebook, work, python, limits, rows)
    except Exception as error:  # noqa: BLE001  one notebook never stops the others
        facts["note"] = f"{type(error).__name__}: {error}"
    return Outcome(**facts, seconds=round(time.monotonic() - start, 1))


def private_copy(entry: Mapping[str, Any], folder: Path, work: Path) -> Path:
    """Copy the notebook's folder, place the linked files, replace addresses; return the notebook.

    The layout is ``FOLDER/<owner>+<repository>/<path>``, or ``FOLDER/<path>`` for entries without one.
    """
    repository = folder / entry["repo"].replace("/", "+") if entry.get("repo") else folder
    source = repository / entry["path"]
    notebook = work / "notebook" / source.name
    shutil.copytree(source.parent, notebook.parent, symlinks=True)
    for place, name in (entry.get("links") or {}).items():
        placed = notebook.parent / os.path.relpath(repository / place, source.parent)
        if not placed.exists() and placed.resolve().is_relative_to(work.resolve()):
            placed.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(_anywhere(folder, Path(name).name), placed)
    if entry.get("subst"):
        content = json.loads(notebook.read_text("utf-8"))
        for cell in content["cells"]:
            text = "".join(cell["source"])
            for old, new in entry["subst"]:
                text = text.replace(old, new)
            cell["source"] = text
        notebook.write_text(json.dumps(content), "utf-8")
    return notebook


def _anywhere(folder: Path, name: str) -> Path:
    found: Path | None = next(folder.rglob(name), None)
    if found is None:
        raise FileNotFoundError(f"{name} is nowhere in {folder}")
    return found


def _steps(
    identity: str, notebook: Path, work: Path, python: str | None, limits: Limits, rows: int
) -> dict[str, Any]:
    project = work / "project"
    name = "p_" + re.sub(r"\W", "_", identity)
    options = [str(notebook), "-o", str(project), "--name", name, "--json"]
    converted = run(
        [sys.executable, "-m", "nbprod", "convert", *options], limits, cwd=ROOT, environment={}
    )
    facts: dict[str, Any] = {"converted": _conversion(converted)}
    found = _document(converted.out).get("findings", [])
    facts["codes"] = _errors(found) or tuple(re.findall(r"\bE-[A-Z-]+\b", converted.last))
    facts["messages"] = _messages(found)
    if facts["converted"] != "yes":
        return facts | {"note": "" if facts["codes"] else converted.last}
    if python is None:
        return facts
    seconds = str(limits.seconds)
    # verify and the oracle limit each process that they start
    longest = Limits(4 * limits.seconds, limits.memory)
    command = [sys.executable, "-m", "nbprod", "verify", *options, "--python", python]
    verified = run([*command, "--timeout", seconds, "--quiet"], longest, cwd=ROOT, environment={})
    verdict = _document(verified.out)
    if verdict:
        checks = {check["id"]: check for check in verdict["checks"]}
        facts |= {
            "level": verdict["level"],
            "fit": checks.get("V1", {}).get("status", ""),
            "rows": checks.get("V4", {}).get("status", ""),
            "failed": tuple(k for k, c in checks.items() if c["status"] in ("failed", "skipped")),
            "codes": tuple(dict.fromkeys((*facts["codes"], *_errors(verdict["findings"])))),
            "messages": (*facts["messages"], *_messages(verdict["findings"])),
        }
    else:
        facts["note"] = f"verify: {verified.last}"
    command = [
        sys.executable,
        "-m",
        "benchmarks.oracle",
        str(notebook),
        str(project),
        "--python",
        python,
    ]
    command += ["--rows", str(rows), "--timeout", seconds]
    judged = run(command, longest, cwd=ROOT, environment={})
    facts["judged"] = _document(judged.out) or {"error": judged.last}
    if "error" in facts["judged"]:
        facts["note"] = "; ".join(filter(None, (facts.get("note"), facts["judged"]["error"])))
    return facts


def _conversion(step: Step) -> str:
    if step.code == 0:
        return "yes"
    if step.code == 2 and "Traceback" not in step.err:
        return "refused" if "E-" in step.last else "unreadable"
    return "refused" if step.code == 1 and _document(step.out) else "crashed"


def _document(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _errors(findings: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f["code"] for f in findings if f["code"].startswith("E-")))


def _messages(findings: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(
        f"{f['code']} cell {f['cell']}:{f['line']} {f['message']}  {str(f['source'])[:160]}".replace("\n", " ")
        for f in findings
        if f["code"].startswith("E-")
    )  # fmt: skip


__all__ = ["Outcome", "private_copy", "run_case"]
