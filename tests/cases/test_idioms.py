"""Every idiom of ``idioms/*.md``: split, run, and compared with what the notebook itself computes.

A case that serves must give the features of the notebook, for all rows and for each row alone; a case
that refuses must say so with its code.
"""

from __future__ import annotations

import importlib
import re
import sys
import warnings
from collections.abc import Iterator
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


def read_case(path: Path) -> tuple[list[str], str]:
    """Return the cells and the expected verdict of a case."""
    text = path.read_text("utf-8")
    notebook, verdict = text.split("## notebook", 1)[1].split("## verdict", 1)
    return FENCE.findall(notebook), verdict.strip()


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
    cells, verdict = read_case(path)
    name = "case_" + path.stem.replace("-", "_")
    modules = build(as_notebook(name, cells))
    assert OWN_MISTAKE not in str(modules.kernel.get("reason"))
    refused = sorted({f.code for f in modules.findings if f.code.startswith("E-")})
    if verdict.startswith("refuses"):
        assert refused == verdict.split()[1:]
        return
    assert refused == []
    monkeypatch.chdir(tmp_path)
    passengers().to_csv(tmp_path / "passengers.csv", index=False)
    features, labels, predicted = run_notebook(cells)
    package = import_package(name, modules, tmp_path, monkeypatch)
    try:
        check(package, features, labels, predicted)
    finally:
        for module in [m for m in sys.modules if m.split(".")[0] == name]:
            del sys.modules[module]


def passengers() -> pd.DataFrame:
    """Return the passengers with gaps in Age, Cabin and Embarked alone, as the cases have them."""
    table = pd.read_csv(DATA)
    return table.assign(Fare=table["Fare"].fillna(7.25))


def run_notebook(cells: list[str]) -> tuple[Any, Any, Any]:
    """Run the cells and return X, y and the predictions of the last fit of a model."""
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.pipeline import Pipeline

    fits: list[tuple[Any, Any, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        for cls in (LogisticRegression, LinearRegression, Pipeline):
            old = cls.fit

            def fit(self: Any, X: Any, y: Any, _old: Any = old) -> Any:
                result = _old(self, X, y)
                fits.append((X.copy(), np.asarray(y).copy(), self.predict(X)))
                return result

            patch.setattr(cls, "fit", fit)
        space: dict[str, Any] = {"__name__": "__main__"}
        for source in cells:
            exec(source, space)
    return fits[-1]


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


def check(package: dict[str, Any], features: Any, labels: Any, predicted: Any) -> None:
    sources = package["data"].load()
    state, training = package["features"].fit(sources)
    assert_same(training.X, features)
    np.testing.assert_array_equal(np.asarray(training.y), labels)
    model = package["model"].fit_model(training)
    given = package["answers"].predict(model, training.X)
    np.testing.assert_allclose(given, np.asarray(predicted).ravel())
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
    for position in np.random.default_rng(0).choice(len(rows), 25, replace=False):
        alone = package["features"].transform(rows.iloc[[position]].copy(), state)
        assert_same(alone, together[[position]])


def assert_same(left: Any, right: Any) -> None:
    one, two = (np.asarray(v.toarray() if hasattr(v, "toarray") else v) for v in (left, right))
    assert one.shape == two.shape
    if one.dtype == object or two.dtype == object:
        pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(two), check_dtype=False)
    else:
        np.testing.assert_allclose(one.astype(float), two.astype(float), rtol=1e-8, atol=1e-10)
