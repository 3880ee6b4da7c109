"""Break a generated project on purpose and count how often its own tests and ``nbprod verify`` notice.

``python -m benchmarks.mutants`` converts and verifies ``fixtures/titanic-messy`` in a private folder and makes one change
at a time in its ``features.py``: a value is learned again when serving, a statement is left out, columns are exchanged, a
learned value is replaced by a wrong one. After each change the project's parity tests run, with the rows of the notebook that
``nbprod verify`` kept in ``tests/data``; with ``--by verify`` the project is judged as ``verify`` does it. Survivors are listed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from nbprod.interpreter import this_python
from nbprod.notebook import read
from nbprod.pipeline import convert
from nbprod.verify import verify
from nbprod.verify.evidence import Evidence
from nbprod.verify.judging import judge
from nbprod.verify.project import open_project
from nbprod.verify.recording import record
from nbprod.verify.run import Run
from nbprod.verify.supervise import Limits, default_memory, new_token
from nbprod.verify.verdict import level
from nbprod.verify.workspace import workspace

FIXTURE = Path(__file__).parents[1] / "fixtures" / "titanic-messy"
TESTS = ("tests/test_notebook.py", "tests/test_parity.py", "tests/test_training.py")
SKIPPED = ("fit", "transform", "prepare")
SECONDS = 300
WRONG = """

_learn = fit


def fit(sources):
    import numpy as np
    import pandas as pd

    from nbprod.verify.probe.judge.perturb import variants

    state, training = _learn(sources)
    known = state.{field}
    if isinstance(known, (pd.Series, pd.DataFrame)) and len(known) > 1:
        state.{field} = known.set_axis(known.index[np.arange(-1, len(known) - 1)])
    else:
        state.{field} = list(variants(known))[-1]
    return state, training
"""


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Yield what was changed and the changed source, one change at a time."""
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    places = wrapper.resolve(PositionProvider)
    module = wrapper.module
    for function in module.body:
        if not isinstance(function, cst.FunctionDef) or function.name.value in SKIPPED:
            continue
        for node in _guards(function):
            code = module.code_for_node(node)
            if "state." in code:
                always = node.with_changes(test=cst.Name("True"), orelse=None)
                what = f"line {places[node].start.line}: learned again when serving"
                yield what, module.deep_replace(node, always).code  # type: ignore[attr-defined]
        assert isinstance(function.body, cst.IndentedBlock)
        for statement in function.body.body:
            if not isinstance(statement, (cst.SimpleStatementLine, cst.For)) or _is_silent(
                statement
            ):
                continue
            text = module.code_for_node(statement).strip().splitlines()[0][:70]
            without = module.visit(_Remove(statement))
            yield f"line {places[statement].start.line}: left out: {text}", without.code
    exchanged = source.replace(
        "    return features\n",
        '    return features[features.columns[::-1]] if hasattr(features, "columns") else features[:, ::-1]\n',
    )
    if exchanged != source:
        yield "transform: columns exchanged", exchanged
    for field in dict.fromkeys(re.findall(r"^ +state\.(\w+)(?:\[\w+\])? = ", source, re.MULTILINE)):
        yield f"{field}: another learned value", source + WRONG.format(field=field)


def _is_silent(statement: cst.SimpleStatementLine | cst.For) -> bool:
    """Whether this is a text or a return, without which the function is another."""
    if isinstance(statement, cst.For):
        return False
    first = statement.body[0]
    text = isinstance(first, cst.Expr) and isinstance(
        first.value, (cst.SimpleString, cst.ConcatenatedString)
    )
    return text or isinstance(first, cst.Return)


def _guards(function: cst.FunctionDef) -> list[cst.If]:
    """Return every ``if fitting`` of a function, also those in loops."""
    found: list[cst.If] = []

    class Guards(cst.CSTVisitor):
        def visit_If(self, node: cst.If) -> None:
            if isinstance(node.test, cst.Name) and node.test.value == "fitting":
                found.append(node)

    function.visit(Guards())
    return found


class _Remove(cst.CSTTransformer):
    def __init__(self, target: cst.CSTNode) -> None:
        self.target = target

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode | cst.RemovalSentinel:  # type: ignore[override]
        return cst.RemoveFromParent() if original is self.target else updated


def tests_fail(project: Path) -> bool:
    """Run the project's tests; a failure is what a mutant deserves.

    They run in a fork of this process, which has imported the libraries already.
    """
    child = multiprocessing.get_context("fork").Process(target=_test, args=(project,))
    child.start()
    child.join(SECONDS)
    if child.is_alive():
        child.kill()
        child.join()
    return child.exitcode != 0


def _test(project: Path) -> None:
    import pytest

    os.chdir(project)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = True
    options = ["-q", "-x", "-W", "ignore", "-p", "no:cacheprovider", "--rootdir", str(project)]
    os._exit(int(pytest.main([*options, *TESTS])))


@contextmanager
def judged(notebook: Path, root: Path) -> Iterator[Callable[[], bool]]:
    """Run the notebook once; yields a function that says whether the project fails to be verified."""
    cells, project = read(notebook), open_project(root)
    run = Run(this_python(), Limits(SECONDS, default_memory()), lambda _: None, new_token())
    with workspace(notebook, root, project.paths, run.token) as space:
        recorded = record(cells, project, space, run, Evidence())
        assert recorded is not None
        space.restore()

        def refuted() -> bool:
            evidence = Evidence()
            judge(recorded, cells, project, space, run, evidence)
            return level(evidence.checks, evidence.findings, (), ()) == "unverified"

        yield refuted


def main() -> int:
    """Print a line for each mutant and the share that was noticed; exit code 1 below 99 %."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=FIXTURE, help="of one notebook")
    parser.add_argument(
        "--by",
        choices=["tests", "verify"],
        action="append",
        help="who must notice; by default the tests",
    )
    options = parser.parse_args()
    import pandas as pd  # noqa: F401  once, for every fork
    import sklearn.ensemble  # noqa: F401

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "work"
        shutil.copytree(options.folder, folder)
        notebook = next(folder.glob("*.ipynb"))
        project = convert(notebook, folder / "project", name="mutated").target
        print("unchanged:", verify(notebook, project).level, flush=True)
        with judged(notebook, project) as refuted:
            watchers = {"tests": lambda: tests_fail(project), "verify": refuted}
            chosen = {name: watchers[name] for name in options.by or ["tests"]}
            return _count(next(project.glob("src/*/features.py")), chosen)


def _count(features: Path, watchers: dict[str, Callable[[], bool]]) -> int:
    source = features.read_text("utf-8")
    if any(watch() for watch in watchers.values()):
        print("the project is found wrong before anything is changed")
        return 2
    survivors: dict[str, list[str]] = {name: [] for name in watchers}
    total = 0
    for what, text in mutants(source):
        features.write_text(text, "utf-8")
        total += 1
        for name, watch in watchers.items():
            if not watch():
                survivors[name].append(what)
        missed = [name for name in watchers if what in survivors[name]]
        print(f"SURVIVED {' '.join(missed)}" if missed else "noticed", what, flush=True)
    features.write_text(source, "utf-8")
    for name, listed in survivors.items():
        print(f"{name}: {total - len(listed)} of {total} noticed")
    return 0 if all(len(listed) <= total // 100 for listed in survivors.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
