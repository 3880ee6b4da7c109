"""LightGBM and XGBoost, where they are installed: their trees add up to the same bits."""

from __future__ import annotations

import numpy as np
import pytest

from tests.compiled.rows import AMOUNT, COUNTS, NUMBERS, THREE, TWO, compare, gaps, reread

HOLES = gaps(NUMBERS)
ENCODED = (TWO == "yes").astype(int)


@pytest.mark.parametrize(
    ("kind", "X", "y"),
    [
        pytest.param("LGBMClassifier", HOLES, TWO, id="two classes"),
        pytest.param("LGBMClassifier", NUMBERS, THREE, id="three classes"),
        pytest.param("LGBMRegressor", COUNTS, AMOUNT, id="a quantity"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_lightgbm(compiled, tmp_path, kind, X, y):
    library = pytest.importorskip("lightgbm")
    model = getattr(library, kind)(n_estimators=20, verbose=-1).fit(X, y)
    methods = ("predict", "predict_proba") if hasattr(model, "predict_proba") else ("predict",)
    compare(model, reread(compiled, model, tmp_path / "flat"), X, methods)


@pytest.mark.parametrize(
    ("kind", "X", "y"),
    [
        pytest.param("XGBClassifier", HOLES, ENCODED, id="two classes"),
        pytest.param("XGBRegressor", NUMBERS, AMOUNT, id="a quantity"),
    ],
)
def test_xgboost(compiled, tmp_path, kind, X, y):
    library = pytest.importorskip("xgboost")
    model = getattr(library, kind)(n_estimators=20).fit(X, y)
    methods = ("predict", "predict_proba") if hasattr(model, "predict_proba") else ("predict",)
    compare(model, reread(compiled, model, tmp_path / "flat"), X, methods)


def test_what_they_cannot_do_alike_is_refused(compiled):
    library = pytest.importorskip("xgboost")
    model = library.XGBClassifier(n_estimators=3).fit(NUMBERS, THREE)
    with pytest.raises(compiled.flat.NotFlat):
        compiled.flat.flatten(model)
    assert np.isfinite(model.predict_proba(NUMBERS)).all()
