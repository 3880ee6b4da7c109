"""A small project, rendered from the templates: will a visitor of the shop buy?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from nbprod.modules.values import Modules
from nbprod.render.environment import Environment
from nbprod.render.renderer import render
from nbprod.split.learned_values import StateField

PACKAGE = "shop"

DATA = '''"""Data of the notebook."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from . import config

PRIMARY = "visits"


class Sources(NamedTuple):
    """The frames the notebook reads."""

    visits: pd.DataFrame


def load(data: str | Path | None = None) -> Sources:
    """Read the visits."""
    return Sources(pd.read_csv(data or config.DATA_DIR / "visits.csv"))
'''

FEATURES = '''"""Features of the notebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from sklearn.model_selection import train_test_split

from .data import Sources
from .state import PreprocessState


@dataclass
class Training:
    """What the notebook hands to ``fit``."""

    X: Any
    y: Any
    rows: pd.Index | None
    holdout: pd.Index | None
    extras: dict[str, Any] = field(default_factory=dict)


def transform(raw: pd.DataFrame, state: PreprocessState) -> Any:
    """Features of raw rows."""
    age = raw["age"].fillna(state.age)
    return pd.DataFrame({"age": age, "phone": raw["device"] == "phone", "spent": raw["spent"]})


def fit(sources: Sources) -> tuple[PreprocessState, Training]:
    """Learn the state from the visits and split them."""
    train, test = train_test_split(sources.visits, test_size=0.25, random_state=0)
    state = PreprocessState()
    state.age = float(train["age"].median())
    return state, Training(transform(train, state), train["bought"], train.index, test.index)
'''

MODEL = '''"""Model of the notebook."""

from __future__ import annotations

from typing import Any

from sklearn.linear_model import LogisticRegression

from .features import Training


def fit_model(training: Training) -> Any:
    """Fit the notebook's estimator."""
    return LogisticRegression(max_iter=1000).fit(training.X, training.y)
'''

ANSWERS = '''"""Answers of the notebook."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .state import PreprocessState


def predict(model: Any, X: Any) -> np.ndarray:
    """Predict classes."""
    return np.asarray(model.predict(X))


def probabilities(model: Any, X: Any) -> np.ndarray | None:
    """Probabilities of the classes."""
    return np.asarray(model.predict_proba(X))


def answer(predictions: np.ndarray, state: PreprocessState) -> np.ndarray:
    """The classes are the answers."""
    return predictions


def class_names(model: Any, state: PreprocessState) -> list[Any] | None:
    """Names of the classes."""
    return list(model.classes_.tolist())


def target(raw: pd.DataFrame, state: PreprocessState) -> np.ndarray | None:
    """Whether the visitor bought."""
    return raw["bought"].to_numpy() if "bought" in raw else None
'''

MODULES = Modules(
    package=PACKAGE,
    title="Shop",
    files={"data.py": DATA, "features.py": FEATURES, "model.py": MODEL, "answers.py": ANSWERS},
    state=(StateField("age", "float", "json", False, "median age"),),
    settings=(),
    task="classification",
    model_class="LogisticRegression",
    target="bought",
    imports=("pandas", "sklearn"),
)


def visits(rows: int, seed: int, *, taste: float = 1.0, older: float = 0.0) -> pd.DataFrame:
    """Visits of one month: ``taste`` turns round who buys, ``older`` moves the ages."""
    rng = np.random.default_rng(seed)
    age = (rng.normal(35 + older, 10, rows)).round(1)
    device = rng.choice(["phone", "desk"], rows)
    spent = rng.exponential(30, rows).round(2)
    score = taste * (2 * (device == "phone") - 1) + (age - 35) / 20
    bought = (rng.random(rows) < 1 / (1 + np.exp(-2.5 * score))).astype(int)
    frame = pd.DataFrame({"age": age, "device": device, "spent": spent, "bought": bought})
    frame.loc[rng.random(rows) < 0.1, "age"] = np.nan
    frame.loc[0, "age"] = np.nan
    return frame


class Shop:
    """A rendered project in a folder of its own, run in processes of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.registry = root / "registry"
        self.data = root / "data" / "visits.csv"
        environment = Environment(python="3.11.0", pins=(), lock=())
        for name, text in render(MODULES, environment=environment, data_dir="data").items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.data.parent.mkdir(exist_ok=True)

    def environment(self, **more: str) -> dict[str, str]:
        """Environment variables of its processes."""
        source = str(self.root / "src")
        return {**os.environ, "PYTHONPATH": source, "OMP_NUM_THREADS": "1", **more}

    def popen(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """Start ``python -m shop ...``."""
        return subprocess.Popen(
            [sys.executable, "-m", PACKAGE, *arguments],
            cwd=self.root,
            env=self.environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m shop ...`` to its end."""
        process = self.popen(*arguments, **more)
        out, err = process.communicate(timeout=600)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def serve(self, port: int, **more: str) -> subprocess.Popen[bytes]:
        """Start the service; its log goes to ``service.log`` (a full pipe would stop it)."""
        with (self.root / "service.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", PACKAGE, "serve", "--port", str(port)],
                cwd=self.root,
                env=self.environment(**more),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def script(self, code: str, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """Start a Python script that may import the package."""
        return subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            cwd=self.root,
            env=self.environment(**more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
