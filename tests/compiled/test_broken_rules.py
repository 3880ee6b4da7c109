"""A compiled form that one broken rule would make wrong is refused, and the trained model serves."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nbprod.pipeline import convert

FIXTURE = Path(__file__).parents[2] / "fixtures" / "titanic-messy"
BREAK = """
import json, sys, tempfile, warnings
from pathlib import Path
warnings.simplefilter("ignore")
import numpy as np
from PACKAGE import data, features, kernel, train
from PACKAGE.compiled import build, flat, report
from PACKAGE.registry import FileRegistry, open_registry
from PACKAGE.service.live_model import open_version
from PACKAGE.bundle import Bundle

def spoiled(found):
    '''What a rule returns, its last row changed in one column.'''
    if isinstance(found, dict):
        name = list(found)[-1]
        return {**found, name: spoiled(found[name])}
    found = np.array(found)
    if len(found):
        if found.dtype.kind == "O":
            found[-1] = "spoiled"
        else:
            found[-1] = True if found.dtype.kind == "b" else found[-1] + 1
    return found

name = train.train()
registry = open_registry()
folder = registry.path(name)
bundle = Bundle.open(folder)
sources = data.load()
state, training = features.fit(sources)
known = train.known_rows(getattr(sources, data.PRIMARY), training, state)
outcomes = {"": report.report(folder)["rung"]}
rules = [n for n, v in vars(kernel).items() if getattr(v, "__module__", "").startswith("PACKAGE.vector")]
for rule in rules:
    kept = getattr(kernel, rule)
    setattr(kernel, rule, lambda *args, kept=kept, **named: spoiled(kept(*args, **named)))
    with tempfile.TemporaryDirectory() as place:
        build.write_compiled(Path(place), bundle, known)
        noted = report.report(Path(place))
        outcomes[rule] = noted["rung"] if not (Path(place) / "compiled").exists() else "served"
    setattr(kernel, rule, kept)
# A version that was refused is opened with pandas, one whose arrays were changed is not opened at all.
(folder / "compiled.json").write_text(json.dumps({"rung": "kept", "reason": "a broken rule"}))
try:
    open_version(registry, name)
    outcomes["changed after training"] = "opened"
except Exception as error:
    outcomes["changed after training"] = type(error).__name__
print(json.dumps(outcomes))
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """How a version is served with each rule of its kernel broken, and with none."""
    folder = tmp_path_factory.mktemp("broken")
    shutil.copytree(FIXTURE, folder / "notebook")
    project = folder / "project"
    assert convert(folder / "notebook" / "notebook.ipynb", project).written is not None
    package = next((project / "src").glob("*/kernel.py")).parent.name
    environment = {**os.environ, "PYTHONPATH": str(project / "src"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", BREAK.replace("PACKAGE", package)],
        cwd=project, env=environment, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_with_all_rules_whole_the_version_is_served_compiled(outcomes: dict[str, Any]) -> None:
    assert outcomes[""] == "compiled"


def test_each_broken_rule_makes_the_compiled_form_be_refused(outcomes: dict[str, Any]) -> None:
    rules = {rule: rung for rule, rung in outcomes.items() if rule and " " not in rule}
    assert len(rules) >= 8
    assert set(rules.values()) == {"kept"}, rules


def test_a_version_whose_note_was_changed_is_not_opened(outcomes: dict[str, Any]) -> None:
    assert outcomes["changed after training"] == "BundleError"
