"""Every idiom of ``idioms/*.md``: split, run, and compared with what the notebook itself computes.

A case that serves must give the features of the notebook, for all rows and for each row alone; a case
that refuses must say so with its code; one that ``splits`` is not run. ``## says`` names findings that must be there, ``## learns`` fields of
the state, ``## answers`` holds the expression that gives the notebook's own answers for the rows of the fit,
``## before`` the major version of pandas with which the notebook no longer runs.
"""

from __future__ import annotations

import importlib
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nbprod.kernel.lower import OWN_MISTAKE
from nbprod.modules import build
from nbprod.notebook.values import Cell, Notebook
from nbprod.render import Environment, render

HERE = Path(__file__).parent
CASES = sorted((HERE / "idioms").glob("*.md"))
DATA = HERE.parents[1] / "fixtures" / "train-test-concat" / "train.csv"
FENCE = re.compile(r"```python\n(.*?)\n```", re.DOTALL)
NOWHERE = Environment("3.11.0", (), ())


@dataclass(frozen=True)
class Case:
    """One idiom file: cells, and what must come out of them."""

    cells: list[str]
    verdict: str
    says: list[str]
    learns: list[str]
    answers: str
    before: float


def read_case(path: Path) -> Case:
    parts = re.split(r"^## (\w+)\n", path.read_text("utf-8"), flags=re.MULTILINE)
    found = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert set(found) <= {"notebook", "verdict", "says", "learns", "answers", "before"}
    return Case(
        FENCE.findall(found["notebook"]),
        found["verdict"].strip(),
        found.get("says", "").split(),
        found.get("learns", "").split(),
        "".join(FENCE.findall(found.get("answers", ""))),
        float(found.get("before", "inf")),
    )


def as_notebook(name: str, cells: list[str]) -> Notebook:
    found = tuple(Cell(number, "code", source, source) for number, source in enumerate(cells, 1))
    return Notebook(f"{name}.ipynb", name, found)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_idiom(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = read_case(path)
    if int(pd.__version__.split(".")[0]) >= case.before:
        pytest.skip(f"the notebook itself needs pandas before {case.before:g}")
    name = "case_" + path.stem.replace("-", "_")
    modules = build(as_notebook(name, case.cells))
    assert OWN_MISTAKE not in str(modules.kernel.get("reason"))
    codes = {f.code for f in modules.findings}
    refused = sorted(c for c in codes if c.startswith("E-"))
    if case.verdict.startswith("refuses"):
        assert refused == case.verdict.split()[1:]
        return
    assert refused == []
    assert set(case.says) <= codes
    if case.verdict == "splits":  # with a library that is not installed here
        assert set(case.learns) <= {field.name for field in modules.state}
        return
    monkeypatch.chdir(tmp_path)
    write_data(tmp_path)
    features, labels, predicted, answers = run_notebook(case.cells, case.answers)
    package = import_package(name, modules, tmp_path, monkeypatch)
    try:
        check(package, features, labels, predicted, answers, case.learns)
    finally:
        for module in [m for m in sys.modules if m.split(".")[0] == name]:
            del sys.modules[module]


def passengers() -> pd.DataFrame:
    """Return the passengers with gaps in Age, Cabin and Embarked alone, as the cases have them."""
    table = pd.read_csv(DATA)
    return table.assign(Fare=table["Fare"].fillna(7.25))


def write_data(folder: Path) -> None:
    """Write what the cases read: passengers, their label alone, more of them without it, the ports they came from."""
    passengers().to_csv(folder / "passengers.csv", index=False)
    passengers()[["Survived"]].to_csv(folder / "labels.csv", index=False)
    unlabelled = pd.read_csv(DATA.with_name("test.csv"))
    unlabelled.assign(Fare=unlabelled["Fare"].fillna(7.25)).to_csv(folder / "test.csv", index=False)
    ports = {"Embarked": ["S", "C", "Q"], "Distance": [120.5, 40.0, 300.25], "Tax": [1, 0, 2]}
    pd.DataFrame(ports).to_csv(folder / "ports.csv", index=False)


def run_notebook(cells: list[str], answers: str = "") -> tuple[Any, Any, Any, Any]:
    """Run the cells; return X, y and the predictions of the last fit of a model, and the notebook's answers."""
    from sklearn.ensemble import StackingClassifier, VotingClassifier
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.multioutput import MultiOutputRegressor
    from sklearn.pipeline import Pipeline

    models = (
        LogisticRegression, LinearRegression, Pipeline, GridSearchCV, StackingClassifier, VotingClassifier,
        MultiOutputRegressor,
    )  # fmt: skip
    fits: list[tuple[Any, Any, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        for cls in models:
            old = cls.fit

            def fit(self: Any, X: Any, y: Any, _old: Any = old) -> Any:
                result = _old(self, X, y)
                fits.append((X.copy(), np.asarray(y).copy(), self.predict(X)))
                return result

            patch.setattr(cls, "fit", fit)
        space: dict[str, Any] = {"__name__": "__main__"}
        for source in cells:
            exec(source, space)
        return *fits[-1], eval(answers.strip(), space) if answers else None


def import_package(name: str, modules: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    for path, text in render(modules, environment=NOWHERE, data_dir="..").items():
        if path.startswith("src/"):
            target = folder / "project" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
    monkeypatch.syspath_prepend(str(folder / "project" / "src"))
    importlib.invalidate_caches()
    parts = ("data", "features", "model", "answers", "schema", "training.sensitivity", "train")
    return {part: importlib.import_module(f"{name}.{part}") for part in parts}


def check(
    package: dict[str, Any],
    features: Any,
    labels: Any,
    predicted: Any,
    answers: Any,
    learns: list[str],
) -> None:
    sources = package["data"].load()
    state, training = package["features"].fit(sources)
    assert set(learns) <= {name for name, value in vars(state).items() if value is not None}
    assert_same(training.X, features)
    np.testing.assert_array_equal(np.asarray(training.y), labels)
    model = package["model"].fit_model(training)
    given = package["answers"].predict(model, training.X)
    if hasattr(package["answers"], "decide"):
        state.decision_threshold = package["model"].find_threshold(model, training)
        given = package["answers"].decide(model, training.X, state)
    if answers is None:
        expected = np.asarray(predicted)
        np.testing.assert_allclose(given, expected if given.ndim == 2 else expected.ravel())
    else:
        assert_same(package["answers"].answer(given, state), np.asarray(answers))
    raw = package["train"].known_rows(sources[0], training, state)
    schema = package["schema"].RawSchema.learn(raw, set(raw.columns))
    rows = schema.coerce(raw)
    package["answers"].target(raw, state)  # may be unknown, and says so
    together = package["training.sensitivity"].dense(
        package["features"].transform(rows.copy(), state)
    )
    if training.rows is not None and training.rows.is_unique:
        positions = rows.index.get_indexer(training.rows)
        assert_same(together[positions], features)
    for position in np.random.default_rng(0).choice(len(rows), min(25, len(rows)), replace=False):
        alone = package["features"].transform(rows.iloc[[position]].copy(), state)
        assert_same(alone, together[[position]])


def assert_same(left: Any, right: Any) -> None:
    one, two = (np.asarray(v.toarray() if hasattr(v, "toarray") else v) for v in (left, right))
    assert one.shape == two.shape
    if one.dtype == object or two.dtype == object:
        pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(two), check_dtype=False)
    else:
        np.testing.assert_allclose(one.astype(float), two.astype(float), rtol=1e-8, atol=1e-10)
