"""A package that equals its notebook is proven; one with a fault never is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nbprod.verify import Verdict


def codes(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.findings}


def test_a_package_that_equals_its_notebook_is_proven(shop: Any) -> None:
    verdict = shop.verify()

    assert {c.id: c.figure for c in verdict.checks if c.status not in ("proven", "n/a")} == {}
    assert verdict.level == "proven"
    assert verdict.exit_code == 0
    assert json.loads((shop.project / "verdict.json").read_text()) == verdict.as_dict()


FEATURES = "features.py"
FAULTS = {
    "a median computed from the request": (
        FEATURES,
        'fillna(df["day"].map(state.bill_by_day))',
        'fillna(df.groupby("day")["bill"].transform("median"))',
    ),
    "rare categories looked for in the request": (
        FEATURES,
        'df["day"] = df["day"].replace(state.rare_days, "other")',
        'd = df["day"].value_counts(); df["day"] = df["day"].replace(list(d[d < 15].index), "other")',
    ),
    "bins learned again at serve": (
        FEATURES,
        'pd.cut(df["bill"], state.bill_bins, labels=False, include_lowest=True).fillna(3)',
        'pd.qcut(df["bill"].rank(method="first"), min(4, len(df)), labels=False)',
    ),
    "a scaler fitted again at serve": (
        FEATURES,
        'state.scaler.transform(X[["bill", "per_head"]])',
        'StandardScaler().fit_transform(X[["bill", "per_head"]])',
    ),
    "a statement dropped at serve": (
        FEATURES,
        'df["day"] = df["day"].replace(state.rare_days, "other")',
        'df["day"] = df["day"].replace(state.rare_days, "other") if fitting else df["day"]',
    ),
    "columns in another order at serve": (
        FEATURES,
        "X = X.reindex(columns=state.columns, fill_value=0)",
        "X = X.reindex(columns=sorted(state.columns), fill_value=0)",
    ),
    "another learned value": (
        FEATURES,
        'state.bill_by_day = df.groupby("day")["bill"].median()',
        'state.bill_by_day = df.groupby("day")["bill"].mean()',
    ),
    "another model": ("model.py", "n_estimators=20", "n_estimators=30"),
    "another seed": ("model.py", "random_state=0", "random_state=1"),
    "wrong lineage": (FEATURES, "rows=X.index", "rows=X.index[::-1]"),
    "state lost on the way to disk": ("state.py", "joblib.dump(vars(self)", "joblib.dump({}"),
    "answers in other words": (
        "answers.py",
        "return np.asarray(predictions)",
        "return predictions == 'good'",
    ),
    "a service that answers in another order": (
        "service/app.py",
        "found.predictions.tolist()",
        "found.predictions.tolist()[::-1]",
    ),
    "the label among the features": (
        FEATURES,
        'df["per_head"] = df["bill"] / df["party"]',
        'df["per_head"] = df["bill"] / df["party"] + (df["tip"] == "good" if not fitting else 0)',
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_never_verified(shop: Any, fault: str, failed: Any) -> None:
    shop.edit(*FAULTS[fault])

    verdict = shop.verify()

    assert failed(verdict), [(c.id, c.status, c.figure) for c in verdict.checks]
    assert verdict.level == "unverified"
    assert verdict.exit_code == 1


NOT_OF_ONE_ROW = {
    "df['bill'].rank(pct=True)": ("V4", "E-PARITY"),
    "df.groupby('day').cumcount()": ("V4", "E-PARITY"),
    "df['bill'].shift().ffill().bfill()": ("V4", "E-PARITY"),
    "pd.Timestamp.now().year - df['party']": ("V8", "W-CLOCK"),
    "df['bill'] + pd.Series(range(99)).sample(1).iloc[0]": ("V8", "E-RANDOM"),
}


@pytest.mark.parametrize("expression", NOT_OF_ONE_ROW)
def test_what_is_no_function_of_one_row_is_named(shop: Any, expression: str, failed: Any) -> None:
    old = "df['per_head'] = df['bill'] / df['party']"
    assert old in shop.cells["bands"]
    shop.cells["bands"] = shop.cells["bands"].replace(old, f"df['per_head'] = {expression}")
    shop.edit(FEATURES, 'df["bill"] / df["party"]', expression)
    check, code = NOT_OF_ONE_ROW[expression]

    verdict = shop.verify()

    assert "V1" not in failed(verdict), "the notebook does the same"
    assert check in failed(verdict)
    assert code in codes(verdict)
    assert verdict.level == "unverified"
