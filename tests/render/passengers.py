"""A messy notebook about passengers, as the modules that the analysis hands to rendering, and its data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from nbprod.findings import Finding, Origin
from nbprod.modules.values import Modules, Setting
from nbprod.render import Environment, current, render
from nbprod.split.learned_values import LearnSite, StateField

PACKAGE = "passengers"

DATA = '''"""The data of the notebook."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from .config import DF_PATH

PRIMARY = "df"


class Sources(NamedTuple):
    """The tables that training reads."""

    df: pd.DataFrame


def load(data: str | Path | None = None) -> Sources:
    """Read the tables; ``data`` replaces the file of the first one."""
    return Sources(pd.read_csv(DF_PATH if data is None else data))
'''

FEATURES = '''"""Preprocessing of the notebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder

from .config import HIGHEST_FARE
from .data import Sources
from .state import PreprocessState


@dataclass
class Training:
    """What is handed to ``fit``."""

    X: Any
    y: Any
    rows: pd.Index | None = None
    holdout: pd.Index | None = None
    extras: dict[str, Any] = field(default_factory=dict)


def fill_gaps(df: pd.DataFrame, state: PreprocessState, *, fitting: bool) -> pd.DataFrame:
    """Fill ages by title and ports by the most common one."""
    df["Title"] = df["Name"].str.extract(" ([A-Za-z]+)\\\\.", expand=False)
    if fitting:
        counts = df["Title"].value_counts()
        state.rare_titles = list(counts[counts < 20].index)
        state.port = df["Embarked"].mode()[0]
    df["Title"] = df["Title"].replace(state.rare_titles, "Rare")
    df["Embarked"] = df["Embarked"].fillna(state.port)
    if fitting:
        state.age_by_title = df.groupby("Title")["Age"].median()
    df["Age"] = df["Age"].fillna(df["Title"].map(state.age_by_title))
    return df


def encode(df: pd.DataFrame, state: PreprocessState, *, fitting: bool) -> pd.DataFrame:
    """Turn text into numbers."""
    if fitting:
        df = df[df["Fare"] < HIGHEST_FARE].copy()
        state.fare_bins = pd.qcut(df["Fare"], 4, retbins=True)[1]
        state.titles = pd.CategoricalDtype(sorted(df["Title"].unique()))
    df["Band"] = pd.cut(df["Fare"], state.fare_bins, labels=False, include_lowest=True)
    for col in ["Sex", "Embarked"]:
        if fitting:
            state.encoders[col] = LabelEncoder().fit(df[col])
        df[col] = state.encoders[col].transform(df[col])
    df["Title"] = df["Title"].astype(state.titles)
    df["Band"] = df["Band"].fillna(-1)
    return pd.get_dummies(df, columns=["Title"], drop_first=True)


def _features(df: pd.DataFrame, state: PreprocessState, *, fitting: bool) -> pd.DataFrame:
    df = encode(fill_gaps(df.copy(), state, fitting=fitting), state, fitting=fitting)
    return df.drop(columns=["Name", "Ticket", "Survived"], errors="ignore")


def fit(sources: Sources) -> tuple[PreprocessState, Training]:
    """Learn the preprocessing and return it with the training rows."""
    state = PreprocessState()
    X = _features(sources.df, state, fitting=True)
    y = (sources.df.loc[X.index, "Survived"] == "yes").astype(int)
    X_train, X_test, y_train, _ = train_test_split(X, y, test_size=0.25, random_state=3)
    return state, Training(X_train, y_train, X_train.index, X_test.index)


def transform(raw: pd.DataFrame, state: PreprocessState) -> Any:
    """Return the features of raw rows, in their order."""
    return _features(raw.reset_index(drop=True), state, fitting=False).set_axis(raw.index)
'''

MODEL = '''"""The model of the notebook."""

from __future__ import annotations

from typing import Any

from sklearn.ensemble import RandomForestClassifier

from .features import Training


def fit_model(training: Training) -> Any:
    """Fit the notebook's estimator."""
    return RandomForestClassifier(20, random_state=1).fit(training.X, training.y)
'''

ANSWERS = '''"""Answers in the terms of the notebook's label."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .state import PreprocessState

LABELS = np.array(["no", "yes"], dtype=object)


def predict(model: Any, X: Any) -> np.ndarray:
    """Return the model's predictions, (n rows,)."""
    return np.asarray(model.predict(X))


def probabilities(model: Any, X: Any) -> np.ndarray | None:
    """Return class probabilities, (n rows, n classes)."""
    return np.asarray(model.predict_proba(X))


def answer(predictions: np.ndarray, state: PreprocessState) -> np.ndarray:
    """Return the labels of encoded predictions, (n rows,)."""
    return LABELS[predictions]


def class_names(model: Any, state: PreprocessState) -> list[Any] | None:
    """Return the classes in the order of ``probabilities``."""
    return answer(model.classes_, state).tolist()


def target(raw: pd.DataFrame, state: PreprocessState) -> np.ndarray | None:
    """Return the label of raw rows, None where they carry none."""
    return raw["Survived"].to_numpy() if "Survived" in raw else None
'''

MODULES = Modules(
    package=PACKAGE,
    title="Passengers",
    files={"data.py": DATA, "features.py": FEATURES, "model.py": MODEL, "answers.py": ANSWERS},
    state=(
        StateField("rare_titles", "list[str]", "json", False, "titles of few", Origin(3, 4)),
        StateField("port", "str", "json", False, "df['Embarked'].mode()[0]", Origin(3, 5)),
        StateField("age_by_title", "pd.Series", "series", False, "median", Origin(3, 9)),
        StateField("fare_bins", "np.ndarray", "array", False, "bins", Origin(4, 3)),
        StateField("titles", "pd.CategoricalDtype", "dtype", False, "categories", Origin(4, 4)),
        StateField("encoders", "Any", "estimator", True, "LabelEncoder().fit(df[col])"),
    ),
    settings=(
        Setting("DF_PATH", "'passengers.csv'", "path", "read into df"),
        Setting("HIGHEST_FARE", "200", "constant", "a few tickets cost a fortune"),
    ),
    task="classification",
    model_class="RandomForestClassifier",
    target="Survived",
    imports=("pandas", "sklearn"),
    sites=(
        LearnSite("1", 3, 5, "df['Embarked'].mode()[0]", "statistic", "port", "all rows"),
        LearnSite("2", 4, 3, "(a < b) | (c > d)", "bins", "fare_bins", "all rows"),
    ),
    findings=(Finding("W-LEAK-SPLIT", "x < 3 | y is learned early", Origin(3, 5)),),
)


def rows(count: int = 400, seed: int = 0) -> pd.DataFrame:
    """Return raw passengers, ``count`` rows of 9 columns, with gaps, rare titles and high fares."""
    rng = np.random.default_rng(seed)
    sex = rng.choice(["male", "female"], count)
    title = np.where(sex == "male", "Mr", "Mrs")
    title[rng.random(count) < 0.03] = "Dr"
    survived = (sex == "female") ^ (rng.random(count) < 0.2)
    age = rng.normal(30, 12, count).clip(0.4).round(1)
    age[rng.random(count) < 0.2] = np.nan
    port = rng.choice(["S", "C", "Q"], count, p=[0.7, 0.2, 0.1]).astype(object)
    port[[5, 50]] = None
    return pd.DataFrame(
        {
            "Pclass": rng.integers(1, 4, count),
            "Name": [f"Family{i}, {t}. Given" for i, t in enumerate(title)],
            "Sex": sex,
            "Age": age,
            "SibSp": rng.integers(0, 4, count),
            "Ticket": [f"T{i}" for i in range(count)],
            "Fare": rng.exponential(40, count).round(4),
            "Embarked": port,
            "Survived": np.where(survived, "yes", "no"),
        }
    )


class Project:
    """The rendered project with its data, in ``root``; run in processes of its own."""

    def __init__(self, root: Path, modules: Modules = MODULES) -> None:
        self.root = root
        self.environment: Environment = current(modules.imports)
        self.tree = render(modules, environment=self.environment, data_dir="data")
        for name, text in self.tree.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        (root / "data").mkdir()
        rows().to_csv(root / "data" / "passengers.csv", index=False)

    def variables(self) -> dict[str, str]:
        """Return the environment variables of its processes."""
        return {**os.environ, "PYTHONPATH": str(self.root / "src"), "OMP_NUM_THREADS": "1"}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m passengers ...`` to its end."""
        return self.tool(PACKAGE, *arguments)

    def tool(self, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m module ...`` in the project's folder."""
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-m", module, *arguments],
            cwd=self.root, env=self.variables(), capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
