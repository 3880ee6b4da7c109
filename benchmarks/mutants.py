"""Break a generated project on purpose and count how often its own tests notice.

``python -m benchmarks.mutants PROJECT`` makes one change at a time in ``features.py`` (a value learned again
when serving, a statement left out, columns exchanged) and runs the project's parity tests and the rows of
the notebook that ``nbprod verify`` kept in ``tests/data/notebook.json``. Survivors are listed.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

TESTS = ("tests/test_parity.py", "tests/test_notebook.py", "tests/test_training.py")
SKIPPED = ("fit", "transform", "prepare")


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Return what was changed and the changed source, one change at a time."""
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    places = wrapper.resolve(PositionProvider)
    module = wrapper.module
    for function in module.body:
        if not isinstance(function, cst.FunctionDef) or function.name.value in SKIPPED:
            continue
        assert isinstance(function.body, cst.IndentedBlock)
        for node in function.body.body:
            line = places[node].start.line
            text = module.code_for_node(node).strip().splitlines()[0][:70]
            if isinstance(node, cst.If) and module.code_for_node(node.test) == "fitting":
                if "state." in module.code_for_node(node):
                    always = node.with_changes(test=cst.Name("True"), orelse=None)
                    yield f"line {line}: learned again when serving", _with(module, node, always)
            elif isinstance(node, cst.SimpleStatementLine):
                first = node.body[0]
                if (
                    isinstance(first, (cst.Return, cst.Expr)) and "return" in text
                ) or text.startswith('"""'):
                    continue
                yield f"line {line}: left out: {text}", _with(module, node, None)
            elif isinstance(node, cst.For):
                yield f"line {line}: left out: {text}", _with(module, node, None)
    exchanged = source.replace(
        "    return features\n",
        '    return features[features.columns[::-1]] if hasattr(features, "columns") else features[:, ::-1]\n',
    )
    if exchanged != source:
        yield "transform: columns exchanged", exchanged


def _with(module: cst.Module, old: cst.CSTNode, new: cst.CSTNode | None) -> str:
    replacement = new if new is not None else cst.RemoveFromParent()
    changed = module.deep_replace(old, replacement) if new is not None else module.visit(_Remove(old))  # type: ignore[arg-type]
    assert isinstance(changed, cst.Module)
    return changed.code


class _Remove(cst.CSTTransformer):
    def __init__(self, target: cst.CSTNode) -> None:
        self.target = target

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode | cst.RemovalSentinel:  # type: ignore[override]
        return cst.RemoveFromParent() if original is self.target else updated


def noticed(project: Path, python: str) -> bool:
    """Run the project's tests; a failure is what a mutant deserves."""
    command = [python, "-W", "ignore", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *TESTS]
    return subprocess.run(command, cwd=project, capture_output=True, check=False).returncode != 0


def main() -> int:
    """Print a line for each mutant and the share that was noticed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("project", type=Path)
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "parent" / options.project.name
        shutil.copytree(options.project.parent, copy.parent)
        features = next((copy / "src").glob("*/features.py"))
        source = features.read_text("utf-8")
        if noticed(copy, options.python):
            print("the project's tests fail before anything is changed")
            return 2
        killed, survivors = 0, []
        for what, text in mutants(source):
            features.write_text(text, "utf-8")
            if noticed(copy, options.python):
                killed += 1
            else:
                survivors.append(what)
            print("noticed " if what not in survivors else "SURVIVED", what, flush=True)
    total = killed + len(survivors)
    print(f"{killed} of {total} noticed")
    return 0 if not survivors else 1


if __name__ == "__main__":
    sys.exit(main())
