"""Name the statement where notebook and package part, when they hand other values to ``fit``."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from nbprod.notebook import Notebook
from nbprod.verify.evidence import Evidence, finding
from nbprod.verify.judging import package_environment
from nbprod.verify.project import Project
from nbprod.verify.recording import started
from nbprod.verify.run import Run
from nbprod.verify.workspace import Workspace


def locate_fit(
    recorded: dict[str, Any],
    notebook: Notebook,
    project: Project,
    space: Workspace,
    runs: tuple[Run, Run],
    evidence: Evidence,
) -> None:
    """Run the notebook again up to the fit, then the package's ``fit`` under a trace.

    What is found comes in front of the message of V1, which it repeats with a place. ``runs`` are those
    of the notebook and of the package.
    """
    run, package_run = runs
    run.progress("looking for the first statement that differs")
    again = started(notebook, project, space, run, history=True).run(run.limits, lambda _: None)
    if again.problem:
        return
    space.restore()
    scratch = Path(tempfile.mkdtemp(prefix="trace-", dir=space.root))
    fit = recorded["fit"]
    content = {
        "package": project.package,
        "source": str(project.source.resolve()),
        "records": str(space.records),
        "scratch": str(scratch),
        "features": fit["X"]["names"] if fit["X"] else None,
        "cells": {str(c.number): c.code for c in notebook.code_cells},
    }
    request = scratch / "trace.json"
    request.write_text(json.dumps(content), "utf-8")
    environment = package_environment(project, space, scratch)
    ended = package_run.child("judge.divergence", request, environment).run(
        run.limits, lambda _: None
    )
    found = ended.last("finding")
    if found is None:
        return
    first = next(f for f in evidence.findings if f.code == "E-FIT-DIFFERS")
    found["message"] = f"{first.message.partition(';')[0]}; {found['message']}"
    evidence.findings.append(finding(found))
