"""Judge a generated project by itself: run the notebook, serve the project, compare answers.

``python -m benchmarks.oracle NOTEBOOK PROJECT`` runs the notebook's cells, keeps the features, labels and
fitted model of the fit that ``.nbprod/plan.json`` names, trains the project, starts its service on a
loopback port, posts raw rows one by one and together, and compares with the notebook's predictions.
It shares no code with ``nbprod verify``: it exists to catch a wrong ``verified``.

Unpinned randomness would make every comparison a matter of luck, so both runs see ``random_state=None`` as 0.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

PIN = """
import sys
def _pin():
    import numpy as np
    try:
        import sklearn.utils, sklearn.utils.validation
    except ImportError:
        return
    old = sklearn.utils.validation.check_random_state
    def pinned(seed):
        return np.random.RandomState(0) if seed is None else old(seed)
    for name, module in list(sys.modules.items()):
        if name.startswith("sklearn") and getattr(module, "check_random_state", None) is old:
            module.check_random_state = pinned
_pin()
"""

RUN = r"""
import json, os, pickle, sys, warnings
warnings.filterwarnings("ignore")
os.environ["MPLBACKEND"] = "Agg"
cells, sink, out = json.load(open(sys.argv[1])), json.loads(sys.argv[2]), sys.argv[3]
import numpy as np, random
np.random.seed(0); random.seed(0)
import builtins
builtins.display = lambda *a, **k: None
builtins.get_ipython = lambda: type("Shell", (), {"__getattr__": lambda s, n: lambda *a, **k: None})()
found = {}
import sklearn.base
def where():
    frame, place = sys._getframe(2), None
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith("<cell "):
            return int(name[6:-1]), frame.f_lineno
        frame = frame.f_back
depth = [0]
def wrap(cls):
    if "fit" not in cls.__dict__ or getattr(cls.__dict__["fit"], "_seen", False):
        return
    old = cls.__dict__["fit"]
    def fit(self, X, y=None, *args, **kwargs):
        depth[0] += 1
        try:
            result = old(self, X, *(() if y is None else (y,)), *args, **kwargs)
        finally:
            depth[0] -= 1
        place = where()
        if depth[0] == 0 and place and place[0] == sink["cell"] and abs(place[1] - sink["line"]) <= sink.get("span", 0):
            import copy
            model = result if hasattr(result, "predict") else self
            found["at"] = len(found.get("splits", []))
            found["fit"] = (copy.deepcopy(X), copy.deepcopy(y), np.asarray(model.predict(X)))
        return result
    fit._seen = True
    fit.__wrapped__ = old
    try:
        cls.fit = fit
    except (AttributeError, TypeError):
        pass
def walk(cls):
    for sub in cls.__subclasses__():
        wrap(sub); walk(sub)
import importlib
for module in ("ensemble", "linear_model", "tree", "svm", "neighbors", "naive_bayes", "neural_network", "pipeline", "compose",
               "model_selection", "cluster", "discriminant_analysis", "gaussian_process", "preprocessing", "feature_extraction.text"):
    importlib.import_module("sklearn." + module)
source = " ".join(code for _, code, _ in cells)
for module in ("xgboost", "lightgbm", "catboost"):
    if module in source:
        try:
            importlib.import_module(module)
        except ImportError:
            pass
import sklearn.model_selection as selection
split_rows = selection.train_test_split
def train_test_split(*arrays, **options):
    result = split_rows(*arrays, np.arange(len(arrays[0]) if not hasattr(arrays[0], "shape") else arrays[0].shape[0]), **options)
    found.setdefault("splits", []).append((len(result[-2]) + len(result[-1]), result[-2]))
    return result[:-2]
selection.train_test_split = train_test_split
space = {"__name__": "__main__"}
error = ""
for number, code, tags in cells:
    walk(sklearn.base.BaseEstimator)
    exec(open(os.environ["ORACLE_PIN"]).read(), {})
    try:
        exec(compile(code, "<cell %d>" % number, "exec"), space)
    except Exception as problem:
        error = "cell %d: %s: %s" % (number, type(problem).__name__, problem)
        if "fit" in found:
            break
        break
pickle.dump({"fit": found.get("fit"), "splits": found.get("splits", [])[: found.get("at", 0)], "error": error}, open(out, "wb"))
"""

SERVE = r"""
import os, sys, runpy
exec(open(os.environ["ORACLE_PIN"]).read(), {})
import warnings; warnings.filterwarnings("ignore")
sys.argv = [sys.argv[1], *sys.argv[2:]]
sys.path.insert(0, os.environ["ORACLE_SRC"])
import sklearn.base, importlib, pkgutil
exec(open(os.environ["ORACLE_PIN"]).read(), {})
package = sys.argv[0]
for name in ("features", "model"):
    importlib.import_module(package + "." + name)
exec(open(os.environ["ORACLE_PIN"]).read(), {})
from importlib import import_module
import_module(package + ".cli").main(sys.argv[1:])
"""


def judge(notebook: Path, project: Path, python: str, timeout: float, most: int) -> dict[str, Any]:
    """Return ``rows``, ``wrong``, ``refused`` and how rows were matched, or ``error``."""
    with tempfile.TemporaryDirectory() as temporary:
        return _judge(notebook, project, python, timeout, most, Path(temporary))


def _judge(
    notebook: Path, project: Path, python: str, timeout: float, most: int, work: Path
) -> dict[str, Any]:
    from nbprod.notebook import read

    package = next(p.parent.name for p in (project / "src").glob("*/features.py"))
    plan = json.loads((project / ".nbprod" / "plan.json").read_text("utf-8"))
    folder = work / "notebook"
    shutil.copytree(notebook.parent, folder, ignore=shutil.ignore_patterns(project.name, ".git"))
    pin = work / "pin.py"
    pin.write_text(PIN, "utf-8")
    cells = [[c.number, c.code, list(c.tags)] for c in read(notebook).code_cells]
    (work / "cells.json").write_text(json.dumps(cells), "utf-8")
    environment = {
        **os.environ,
        "ORACLE_PIN": str(pin),
        "ORACLE_SRC": str(project / "src"),
        f"{package.upper()}_DATA_DIR": str(folder),
        f"{package.upper()}_REGISTRY": str(work / "registry"),
        f"{package.upper()}_MONITORING": str(work / "monitoring"),
        f"{package.upper()}_DEADLINE_SECONDS": "120",
        "PYTHONWARNINGS": "ignore",
    }
    sink = {**plan["sink"], "span": plan["sink"].get("source", "").count("\n") + 3}
    command = [python, "-c", RUN, str(work / "cells.json"), json.dumps(sink), str(work / "run.pkl")]
    ran = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=timeout
    )
    if ran.returncode:
        return {"error": f"notebook: {ran.stderr.strip().splitlines()[-1:]}"}
    import pickle

    captured = pickle.loads((work / "run.pkl").read_bytes())
    if captured["fit"] is None:
        return {"error": f"notebook: the fit was not reached {captured['error']}"}
    trained = subprocess.run(
        [python, "-c", SERVE, package, "train"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
        cwd=work,
    )
    if trained.returncode:
        return {"error": f"train: {(trained.stderr.strip().splitlines() or ['?'])[-1][:200]}"}
    port = _free_port()
    with (work / "service.log").open("w") as log:
        server = subprocess.Popen(
            [python, "-c", SERVE, package, "serve", "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=log,
            cwd=work,
        )
        try:
            return _compare(
                captured["fit"],
                captured["splits"],
                package,
                project,
                environment,
                python,
                port,
                most,
                work,
            )
        finally:
            server.kill()
            server.wait()


def _compare(
    fit: tuple[Any, Any, Any],
    splits: list[tuple[int, Any]],
    package: str,
    project: Path,
    environment: dict[str, str],
    python: str,
    port: int,
    most: int,
    work: Path,
) -> dict[str, Any]:
    import numpy as np

    x, y, predicted = fit
    dump = (
        "import sys, pickle, os; sys.path.insert(0, os.environ['ORACLE_SRC'])\n"
        f"from {package}.data import load, PRIMARY\nfrom {package} import answers\nfrom {package}.registry import open_registry\n"
        f"from {package}.bundle import Bundle\nimport numpy as np\nraw = getattr(load(), PRIMARY)\n"
        "registry = open_registry(); bundle = Bundle.open(registry.path(registry.champion()))\n"
        f"predicted = pickle.load(open({str(work / 'predicted.pkl')!r}, 'rb'))\n"
        "columns = [str(c.name) for c in bundle.schema.columns]\n"
        "text = raw.to_json(orient='split', date_format='iso', double_precision=15, default_handler=str)\n"
        f"pickle.dump((text, list(raw.index), np.asarray(answers.answer(predicted, bundle.state)), answers.target(raw, bundle.state)), open({str(work / 'raw.pkl')!r}, 'wb'))\n"
    )
    import pickle

    flat = predicted.ravel() if predicted.ndim == 2 and predicted.shape[1] == 1 else predicted
    (work / "predicted.pkl").write_bytes(pickle.dumps(flat))
    done = subprocess.run(
        [python, "-c", dump], env=environment, capture_output=True, text=True, cwd=work
    )
    if done.returncode:
        return {"error": f"answers: {done.stderr.strip().splitlines()[-1][:200]}"}
    text, index, expected, _ = pickle.loads((work / "raw.pkl").read_bytes())
    table = json.loads(text)
    records = [dict(zip(map(str, table["columns"]), row, strict=True)) for row in table["data"]]
    labels = next(
        (t.index for t in (x, y) if hasattr(t, "index") and not isinstance(t, list)), None
    )
    matched = "index"
    if labels is None or len(set(index)) != len(index) or not set(labels) <= set(index):
        rows_of = [
            chosen
            for whole, chosen in splits
            if whole == len(records) and len(chosen) == len(expected)
        ]
        if rows_of:
            labels, matched = [index[i] for i in rows_of[-1]], "split"
        elif len(expected) != len(records):
            matched = "count"
        else:
            labels, matched = index, "order"
    if not _wait(port):
        return {"error": f"service: {(work / 'service.log').read_text()[-200:]}"}
    if matched == "count":
        answers, refused = _ask(port, records[:most])
        return {
            "rows": 0,
            "wrong": 0,
            "refused": refused,
            "matched": "none",
            "answered": len(answers),
        }
    place = {label: position for position, label in enumerate(index)}
    rows = [place[label] for label in labels][:most]
    given, refused = _ask(port, [records[r] for r in rows])
    together, refused_together = _ask(port, [records[r] for r in rows], size=200)
    wrong = sum(not _equal(a, b) for a, b in zip(given, expected[: len(rows)], strict=True))
    wrong_together = sum(
        not _equal(a, b) for a, b in zip(together, expected[: len(rows)], strict=True)
    )
    return {
        "rows": len(rows),
        "wrong": int(wrong),
        "wrong_batch": int(wrong_together),
        "refused": refused + refused_together,
        "matched": matched,
        "example": [
            [str(a), str(np.asarray(b).item())]
            for a, b in zip(given, expected, strict=False)
            if not _equal(a, b)
        ][:3],
    }


def _equal(given: Any, expected: Any) -> bool:
    if given is None:
        return False
    try:
        left, right = float(given), float(expected)
    except (TypeError, ValueError):
        return str(given) == str(expected)
    return abs(left - right) <= 1e-6 * max(1.0, abs(right))


def _ask(port: int, records: list[dict[str, Any]], size: int = 1) -> tuple[list[Any], int]:
    answers: list[Any] = []
    refused = 0
    for start in range(0, len(records), size):
        part = records[start : start + size]
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/predict",
            json.dumps({"instances": part}).encode(),
            {"content-type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                answers.extend(json.loads(response.read())["predictions"])
        except urllib.error.HTTPError:
            answers.extend([None] * len(part))
            refused += len(part)
    return answers, refused


def _wait(port: int) -> bool:
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    """Print the judgement as JSON; exit code 1 when an answer is wrong or refused."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook", type=Path)
    parser.add_argument("project", type=Path)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--timeout", type=float, default=600)
    parser.add_argument("--rows", type=int, default=300, help="compare at most this many rows")
    options = parser.parse_args()
    result = judge(
        options.notebook.resolve(),
        options.project.resolve(),
        options.python,
        options.timeout,
        options.rows,
    )
    print(json.dumps(result))
    return 1 if result.get("wrong") or result.get("refused") or "error" in result else 0


if __name__ == "__main__":
    sys.exit(main())
