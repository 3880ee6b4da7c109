"""False alarms without drift, and detection power by size of the shift, of the generated drift check.

    python benchmarks/drift.py [--runs 400] [--rows 1000]

Training: 5000 rows of 10 columns (6 numeric, one of few values, 3 categorical) and a prediction. One
run draws new rows, shifted in one column or not at all, and asks whether the report alarms. The same
rows go to scipy's tests on the raw values, with the same correction over the columns, and
without, and to evidently where it is installed. "any size" drops the smallest effect that counts.
Seeded.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import jinja2
import numpy as np
import pandas as pd
from scipy import stats

TEMPLATES = Path(__file__).parents[1] / "templates" / "project" / "src" / "package"
MODULES = (
    "policy",
    "storage.durable",
    "drift.bins",
    "drift.statistics",
    "drift.profile",
    "drift.comparison",
)
NUMERIC = [f"x{i}" for i in range(6)]
CATEGORICAL = ["c0", "c1", "c2"]
COLUMNS = [*NUMERIC, "few", *CATEGORICAL]
ALPHA = 0.01

Check = Callable[[pd.DataFrame], bool]


def generated() -> dict[str, ModuleType]:
    """The modules of a generated package, rendered and imported."""
    folder = Path(tempfile.mkdtemp()) / "monitored"
    folder.mkdir()
    (folder / "__init__.py").touch()
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    for name in MODULES:
        place = name.replace(".", "/") + ".py"
        text = (TEMPLATES / f"{place}.j2").read_text("utf-8")
        rendered = environment.from_string(text).render(package="monitored", derived=False)
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / place).write_text(rendered, "utf-8")
    sys.path.insert(0, str(folder.parent))
    return {name: importlib.import_module(f"monitored.{name}") for name in MODULES}


def draw(rng: np.random.Generator, rows: int, kind: str = "", size: float = 0.0) -> pd.DataFrame:
    """``rows`` rows; ``kind`` names what is shifted, by ``size``."""
    frame = pd.DataFrame({name: rng.normal(0, 1, rows) for name in NUMERIC})
    frame["x5"] = rng.exponential(1, rows)
    frame["few"] = rng.poisson(1.5, rows).clip(0, 6)
    frame["c0"] = rng.choice(["a", "b"], rows, p=[0.7, 0.3])
    frame["c1"] = rng.choice(list("abcde"), rows, p=[0.4, 0.3, 0.15, 0.1, 0.05])
    frame["c2"] = rng.choice([f"k{i}" for i in range(30)], rows)
    if kind == "mean":
        frame["x0"] += size
    elif kind == "spread":
        frame["x0"] *= 1 + size
    elif kind == "share":
        moved = rng.random(rows) < size
        frame.loc[moved, "c1"] = "e"
    elif kind == "missing":
        frame.loc[rng.random(rows) < size, "x0"] = np.nan
    elif kind == "unseen":
        frame.loc[rng.random(rows) < size, "c0"] = "new"
    return frame


def predict(frame: pd.DataFrame) -> np.ndarray:
    """A prediction that depends on two columns."""
    return (frame["x0"].fillna(0) + (frame["c0"] == "a") > 0.5).to_numpy().astype(int)


def ours(modules: dict[str, ModuleType], training: pd.DataFrame, **thresholds: float) -> Check:
    """The generated check, with its default thresholds unless given."""
    reference = modules["drift.profile"].Profile.learn(training, predict(training))
    policy = modules["policy"].DriftPolicy(drift_alpha=ALPHA, **thresholds)

    def check(frame: pd.DataFrame) -> bool:
        window = reference.empty()
        window.observe(frame, predict(frame))
        return bool(modules["drift.comparison"].compare(reference, window, policy).drifted)

    return check


def scipy_check(training: pd.DataFrame, *, corrected: bool) -> Check:
    """scipy on the raw values: KS for numbers, chi-square for categories."""

    def check(frame: pd.DataFrame) -> bool:
        values = []
        for name in COLUMNS:
            if name in NUMERIC:
                new = frame[name].dropna()
                values.append(stats.ks_2samp(training[name], new, method="asymp").pvalue)
                continue
            table = pd.DataFrame(
                {"old": training[name].value_counts(), "new": frame[name].value_counts()}
            ).fillna(0)
            values.append(stats.chi2_contingency(table.T.to_numpy()).pvalue)
        p_values = stats.false_discovery_control(values) if corrected else np.asarray(values)
        return bool((p_values < ALPHA).any())

    return check


def evidently_check(training: pd.DataFrame) -> Check | None:
    """evidently's preset with its defaults: an alarm when it names any column."""
    try:
        from evidently import Report
        from evidently.presets import DataDriftPreset
    except ImportError:
        return None
    report = Report([DataDriftPreset()])

    def check(frame: pd.DataFrame) -> bool:
        found: dict[str, Any] = report.run(frame, training).dict()
        drifted = next(m for m in found["metrics"] if "DriftedColumnsCount" in str(m))
        return bool(drifted["value"]["count"] > 0)

    return check


SCENARIOS: list[tuple[str, str, float]] = [
    ("no drift", "", 0.0),
    *[(f"mean +{size} sd", "mean", size) for size in (0.1, 0.2, 0.3, 0.4, 0.5, 0.7)],
    *[(f"spread x{1 + size:g}", "spread", size) for size in (0.2, 0.5, 1.0)],
    *[(f"{size:.0%} of a category moved", "share", size) for size in (0.05, 0.1, 0.2)],
    *[(f"{size:.0%} missing", "missing", size) for size in (0.03, 0.06, 0.1)],
    *[(f"{size:.0%} unknown category", "unseen", size) for size in (0.03, 0.06, 0.1)],
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--rows", type=int, default=1000)
    options = parser.parse_args()
    training = draw(np.random.default_rng(0), 5000)
    modules = generated()
    checks: dict[str, Check | None] = {
        "generated": ours(modules, training),
        "generated, any size": ours(modules, training, drift_psi=0.0, drift_share=0.0),
        "scipy, corrected": scipy_check(training, corrected=True),
        "scipy, uncorrected": scipy_check(training, corrected=False),
        "evidently": evidently_check(training),
    }
    present = {name: check for name, check in checks.items() if check is not None}
    print(f"alarms in {options.runs} runs of {options.rows} rows, level {ALPHA}")
    print("| scenario | " + " | ".join(present) + " |")
    print("|---|" + "---:|" * len(present))
    spent = dict.fromkeys(present, 0.0)
    for title, kind, size in SCENARIOS:
        alarms = dict.fromkeys(present, 0)
        for run in range(options.runs):
            frame = draw(np.random.default_rng([run, 17]), options.rows, kind, size)
            for name, check in present.items():
                start = time.perf_counter()
                alarms[name] += check(frame)
                spent[name] += time.perf_counter() - start
        shares = (f"{count / options.runs:.1%}" for count in alarms.values())
        print(f"| {title} | " + " | ".join(shares) + " |", flush=True)
    total = options.runs * len(SCENARIOS)
    times = (f"{seconds / total * 1000:.1f} ms" for seconds in spent.values())
    print("| time per report | " + " | ".join(times) + " |")


if __name__ == "__main__":
    main()
