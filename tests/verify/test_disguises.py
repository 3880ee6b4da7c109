"""What reading cannot see and running must: features that only look like functions of one row are never verified."""

from __future__ import annotations

from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest

from benchmarks.disguises.__main__ import seen
from benchmarks.disguises.cases import cases
from nbprod.pipeline import convert
from nbprod.verify import verify

HEAD = "import pandas as pd\nimport numpy as np\ndf = pd.read_csv('shop.csv')"
TAIL = """from sklearn.tree import DecisionTreeRegressor
X = df[['a', 'b', 'f']]
y = df['y']
model = DecisionTreeRegressor(max_depth=6, random_state=0).fit(X, y)
model.predict(X)"""
CENTRE = """from sklearn.base import BaseEstimator, TransformerMixin
class Centre(BaseEstimator, TransformerMixin):
    def fit(self, X, y=None):
        return self
    def transform(self, X):
        return X - X.mean()
df['f'] = Centre().fit_transform(df[['a']])['a']"""
CLOSURE = """def make():
    total = 0
    def step(v):
        nonlocal total
        total += v
        return total
    return step
df['f'] = df['a'].apply(make())"""
DISGUISES = {
    "a transformer that centres each batch": CENTRE,
    "a sum kept in a closure": CLOSURE,
    "a sum kept in a generator": "def run(vs):\n    t = 0\n    for v in vs:\n        t += v\n        yield t\ndf['f'] = list(run(df['a']))",
    "a rank by comparing all pairs": "a = df['a'].values\ndf['f'] = (a[:, None] > a[None, :]).sum(axis=1)",
    "a join that repeats rows": "t = df[['k', 'b']].rename(columns={'b': 'f'})\ndf = df.merge(t, on='k')",
    "the hash of a text": "df['f'] = df['k'].map(hash) % 1000 + 0.0",
}

FROM_THE_BENCHMARK = (
    "order of a set of texts",
    "now by getattr",
    "today by an hour of the day",
    "a variable of the environment",
    "hash of a tuple",
    "zip of neighbours",
    "components of features and label",
    "a model that scales when it predicts",
)


@pytest.mark.slow
@pytest.mark.parametrize("name", FROM_THE_BENCHMARK)
def test_a_case_of_the_benchmark_is_refused_or_unverified_by_name(name: str) -> None:
    found = seen(next(case for case in cases() if case.name == name), static=False)

    assert found.level in ("unverified", "refused"), str(found)
    assert found.named is not None, str(found)


def test_the_cases_of_the_benchmark_have_names_of_their_own() -> None:
    names = [case.name for case in cases()]

    assert len(names) > 400
    assert len(set(names)) == len(names)
    assert set(FROM_THE_BENCHMARK) <= set(names)


@pytest.mark.slow
@pytest.mark.parametrize("code", DISGUISES.values(), ids=DISGUISES)
def test_is_never_verified(tmp_path: Path, code: str) -> None:
    rng = np.random.default_rng(1)
    a, k = rng.integers(0, 100, 60), rng.choice(list("pqrst"), 60)
    shop = pd.DataFrame({"a": a, "b": rng.integers(1990, 2024, 60), "k": k})
    shop.assign(y=a * 2.0 + rng.normal(0, 3, 60)).to_csv(tmp_path / "shop.csv", index=False)
    notebook = tmp_path / "disguise.ipynb"
    cells = [nbformat.v4.new_code_cell(text) for text in (HEAD, code, TAIL)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebook)

    result = convert(notebook)
    if result.written is None:
        assert any(finding.code.startswith("E-") for finding in result.findings)
        return
    verdict = verify(notebook, result.target, timeout=600.0)

    assert verdict.level in ("unverified", "refused")
    assert verdict.exit_code == 1
    assert any(finding.code.startswith("E-") for finding in verdict.findings), "and it is named"
