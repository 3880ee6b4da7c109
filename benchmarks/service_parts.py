"""Where the time of one compiled answer goes: decoding, typing, kernel, model, checks, counting, encoding.

    python benchmarks/service_parts.py --project DIR

DIR is a generated project whose champion is compiled. Microseconds in process, the best of many rounds, with the
forest's loop in Python and, where ``python -m PACKAGE compile`` built it, in C. The table goes to standard output, as
Markdown; what the HTTP layer takes is the difference to the processor time of ``benchmarks/service.py``.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROUNDS, CALLS = 40, 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--project", type=Path, required=True)
    options = parser.parse_args()
    source = options.project.resolve() / "src"
    sys.path.insert(0, str(source))
    package = next(source.glob("*/service")).parent.name
    head, rows = ["part", "1 row", "16 rows", "64 rows"], []
    measured = [parts(package, count) for count in (1, 16, 64)]
    for name in measured[0]:
        rows.append([name, *(f"{found[name]:.1f}" for found in measured)])
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    print("\n".join("| " + " | ".join(line) + " |" for line in lines))


def parts(package: str, count: int) -> dict[str, float]:
    """Microseconds of each part for ``count`` rows."""

    def module(name: str) -> Any:
        return importlib.import_module(f"{package}.{name}")

    registry = module("registry").open_registry()
    loaded = module("service.live_model").open_version(registry, registry.champion())
    if loaded.rung != "compiled":
        raise SystemExit(f"the champion is not compiled: {loaded.reason}")
    bodies, metrics = module("service.bodies"), module("service.metrics")
    golden = [row["record"] for row in loaded.bundle.golden]
    records = (golden * count)[:count]
    body = json.dumps({"instances": records}).encode()
    bundle, predictor = loaded.bundle, loaded.predictor
    table = loaded.table(records)
    features = predictor._features(table, bundle.kernel_state)
    answers = predictor.predict(table)
    scored = module("service.scoring").Scored(loaded.version, answers)
    found = {
        "decode JSON": best(lambda: bodies.decode(bodies._REQUEST, body)),
        "check and type the values": best(lambda: loaded.table(records)),
        "kernel": best(lambda: predictor._features(table, bundle.kernel_state)),
        **model_parts(package, bundle.model, features),
        "domain warnings": best(lambda: bundle.schema.warnings(table)),
        "metrics": best(lambda: metrics.count_answers(loaded.version, answers)),
        "encode JSON": best(lambda: bodies.encode(scored)),
    }
    if loaded.monitor is not None:
        observe = loaded.monitor.observe_records
        ids = ["id"] * count
        found["counting for drift"] = best(
            lambda: observe(records, answers.predictions, answers.probabilities, ids), mean=True
        )
    return found


def model_parts(package: str, model: Any, features: Any) -> dict[str, float]:
    """The model with the forest's loop in Python and in C."""

    def answer() -> None:
        fresh = dict(features) if isinstance(features, dict) else features.copy()
        model.predict(fresh)
        if hasattr(model, "predict_proba"):
            model.predict_proba(fresh)

    try:
        native = importlib.import_module(f"{package}.compiled.native")
    except ModuleNotFoundError:
        return {"model": best(answer)}
    loop = native.loop
    found = {}
    native.loop = lambda: None
    found["model, walked in Python"] = best(answer)
    native.loop = loop
    if loop() is not None:
        found["model, walked in C"] = best(answer)
    return found


def best(call: Callable[[], object], mean: bool = False) -> float:
    """Microseconds of one call: the best round, or the mean where work is put off to a later call."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(CALLS):
            call()
        rounds.append((time.perf_counter() - started) / CALLS * 1e6)
    return sum(rounds) / len(rounds) if mean else min(rounds)


if __name__ == "__main__":
    main()
