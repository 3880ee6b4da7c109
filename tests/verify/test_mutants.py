"""The mutation check: break a generated package in every way we know; the verdict must turn red.

One run of the notebook is recorded and each mutant is judged against it. The figure is printed.
"""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nbprod.interpreter import this_python
from nbprod.notebook import read
from nbprod.pipeline import convert
from nbprod.verify.evidence import Evidence
from nbprod.verify.judging import judge
from nbprod.verify.project import open_project
from nbprod.verify.recording import record
from nbprod.verify.run import Run
from nbprod.verify.supervise import Limits, default_memory, new_token
from nbprod.verify.verdict import level
from nbprod.verify.workspace import workspace

CHANGED = """

_learn = fit


def fit(sources):
    from probe.judge.perturb import changed

    state, training = _learn(sources)
    state.{field} = changed(state.{field})
    return state, training
"""
PERMUTED = """

_serve = transform


def transform(raw, state):
    features = _serve(raw, state)
    return features[features.columns[::-1]]
"""


def mutants(text: str, fields: list[str]) -> Iterator[tuple[str, str]]:
    """Yield name and source of every mutant of a ``features.py``."""
    lines = text.splitlines(keepends=True)
    for function in (n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)):
        for node in function.body:
            start, end = node.lineno - 1, node.end_lineno or node.lineno
            body = lines[start:end]
            if isinstance(node, ast.If) and "state." in "".join(body):
                refit = ["    if True:\n", *body[1:]]
                yield f"refit at serve: {body[-1].strip()}", "".join(
                    [*lines[:start], *refit, *lines[end:]]
                )
            elif isinstance(node, ast.Assign) and _serves(node):
                dropped = ["    if fitting:\n", *(f"    {line}" for line in body)]
                yield f"dropped at serve: {body[0].strip()}", "".join(
                    [*lines[:start], *dropped, *lines[end:]]
                )
    yield "permuted columns", text + PERMUTED
    for field in fields:
        yield f"changed value: {field}", text + CHANGED.format(field=field)


def _serves(node: ast.Assign) -> bool:
    return isinstance(node.targets[0], ast.Subscript)


@pytest.mark.slow
def test_every_mutant_of_a_generated_package_is_noticed(shop: Any, tmp_path: Path) -> None:
    shop.write()
    target = tmp_path / "generated"
    convert(shop.notebook, target)
    notebook, project = read(shop.notebook), open_project(target)
    features = next(target.glob("src/*/features.py"))
    text = features.read_text()
    run = Run(this_python(), Limits(300, default_memory()), lambda _: None, new_token())
    survivors, count = [], 0
    with workspace(shop.notebook, target, project.paths, run.token) as space:
        recorded = record(notebook, project, space, run, Evidence())
        assert recorded is not None
        space.restore()

        def judged() -> str:
            evidence = Evidence()
            judge(recorded, notebook, project, space, run, evidence)
            return level(evidence.checks, evidence.findings, (), ())

        assert judged() == "proven"
        fields = [site["field"] for site in project.plan["sites"]]
        for name, mutant in mutants(text, fields):
            features.write_text(mutant)
            count += 1
            if judged() in ("proven", "verified"):
                survivors.append(name)
        features.write_text(text)
    shutil.rmtree(target)
    print(f"{count - len(survivors)} of {count} mutants noticed; survivors: {survivors or 'none'}")
    assert count >= 14
    assert survivors == []
