"""Which share of notebooks is served compiled, why the others are not, and unequal predictions.

    python -m benchmarks.compiled NOTEBOOK... [--python PYTHON] [--seconds 300]

Each notebook is copied with its folder, converted and trained. Where training accepted a compiled form, every row is asked
again: alone and compiled, against the trained model on the whole table. The table goes to standard output, as Markdown;
exit code 1 when a prediction is unequal.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import Limits, run

ROOT = Path(__file__).resolve().parents[1]
ASK = """
import sys, warnings
warnings.simplefilter("ignore")
package = sys.argv[1]
from importlib import import_module
def module(name): return import_module(f"{package}.{name}")
import numpy as np
registry = module("registry").open_registry()
folder = registry.path(registry.champion())
bundle = module("bundle").Bundle.open(folder)
module("service.kept").use_one_core(bundle.model)
compiled = module("compiled.predictor")
lean = compiled.CompiledPredictor(compiled.CompiledBundle.open(folder))
acceptance = module("compiled.acceptance")
data = module("data")
sources = data.load()
state, training = module("features").fit(sources)
raw = module("train").known_rows(getattr(sources, data.PRIMARY), training, state)
frame = bundle.schema.coerce(raw).reset_index(drop=True)
expected = module("predict").Predictor(bundle).predict(frame).predictions
records = acceptance.records_of(bundle.schema, frame)
unequal = 0
for row, record in enumerate(records):
    given = lean.predict_records([record]).predictions
    one = expected[row : row + 1]
    close = given.dtype.kind == "f" and np.allclose(given, one, rtol=1e-12, atol=0, equal_nan=True)
    unequal += not (close or given.tolist() == one.tolist())
print(len(records), unequal)
"""


@dataclass(frozen=True)
class Outcome:
    """What became of one notebook; ``unequal`` of ``rows`` predictions differ."""

    name: str
    rung: str  # compiled | kept | refused | not trained
    reason: str = ""
    rows: int = 0
    unequal: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("notebooks", type=Path, nargs="+")
    parser.add_argument("--python", default=sys.executable, help="interpreter that trains")
    parser.add_argument("--seconds", type=float, default=300.0, help="for each step")
    options = parser.parse_args(arguments)
    outcomes = []
    for notebook in options.notebooks:
        with tempfile.TemporaryDirectory() as folder:
            found = judged(notebook, Path(folder), options.python, options.seconds)
        print(found.name, found.rung, found.reason, file=sys.stderr, flush=True)
        outcomes.append(found)
    print(table(outcomes))
    return 1 if any(outcome.unequal for outcome in outcomes) else 0


def judged(notebook: Path, folder: Path, python: str, seconds: float) -> Outcome:
    """Convert, train and ask one notebook in a copy of its folder."""
    name = f"{notebook.parent.name}/{notebook.name}"
    shutil.copytree(notebook.parent, folder / "notebook")
    limits, project = Limits(seconds, 16 << 30), folder / "project"
    source = {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "nbprod", "convert", "-q", notebook.name, "-o", str(project)]
    done = run(command, limits, cwd=folder / "notebook", environment=source)
    services = list((project / "src").glob("*/service"))
    if not services:
        return Outcome(name, "refused", done.last)
    package = services[0].parent.name
    variables = {"PYTHONPATH": str(project / "src"), "OMP_NUM_THREADS": "1"}
    trained = run(
        [python, "-W", "ignore", "-m", package, "train"], limits, cwd=project, environment=variables
    )
    noted = project / "registry" / "v0001" / "compiled.json"
    if not noted.is_file():
        return Outcome(name, "not trained", trained.last)
    report = json.loads(noted.read_text("utf-8"))
    if report["rung"] != "compiled":
        return Outcome(name, report["rung"], report["reason"])
    asked = run([python, "-c", ASK, package], limits, cwd=project, environment=variables)
    if asked.code != 0:
        return Outcome(name, "compiled", f"not asked again: {asked.last}")
    rows, unequal = (int(part) for part in asked.out.split()[-2:])
    return Outcome(name, "compiled", "", rows, unequal)


def table(outcomes: Sequence[Outcome]) -> str:
    """The outcomes and their sums as Markdown."""
    lines = ["| notebook | served | rows | unequal | why not |", "|---|---|---:|---:|---|"]
    lines += [
        f"| {o.name} | {o.rung} | {o.rows} | {o.unequal} | {o.reason[:150]} |" for o in outcomes
    ]
    trained = [o for o in outcomes if o.rung in ("compiled", "kept")]
    compiled = [o for o in trained if o.rung == "compiled"]
    rows, unequal = sum(o.rows for o in compiled), sum(o.unequal for o in compiled)
    lines += [
        "",
        f"{len(compiled)} of {len(trained)} trained notebooks are served compiled; {unequal} of {rows} predictions are unequal",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
