"""A package that equals its notebook is proven; one with a fault never is."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
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


QUICK = ("a median computed from the request", "another model", "wrong lineage")


@pytest.mark.parametrize(
    "fault",
    [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in FAULTS],
)
def test_a_fault_is_never_verified(shop: Any, fault: str, failed: Any) -> None:
    shop.edit(*FAULTS[fault])

    verdict = shop.verify()

    assert failed(verdict), [(c.id, c.status, c.figure) for c in verdict.checks]
    assert "E-PACKAGE" not in codes(verdict) or "dropped" in fault, "the fault itself is named"
    assert verdict.level == "unverified"
    assert verdict.exit_code == 1


NOT_OF_ONE_ROW = {
    "df['bill'].rank(pct=True)": ("V4", "E-PARITY"),
    "df.groupby('day').cumcount()": ("V4", "E-PARITY"),
    "df['bill'].shift().bfill()": ("V4", "E-PARITY"),
    "pd.Timestamp.now().year - df['party']": ("V8", "W-CLOCK"),
    "df['bill'] + pd.Series(range(99)).sample(1).iloc[0]": ("V8", "E-RANDOM"),
}


@pytest.mark.parametrize(
    "expression",
    [
        name if "rank" in name or "now" in name else pytest.param(name, marks=pytest.mark.slow)
        for name in NOT_OF_ONE_ROW
    ],
)
def test_what_is_no_function_of_one_row_is_named(shop: Any, expression: str, failed: Any) -> None:
    old = "df['per_head'] = df['bill'] / df['party']"
    assert old in shop.cells["bands"]
    shop.cells["bands"] = shop.cells["bands"].replace(old, f"df['per_head'] = {expression}")
    shop.edit(FEATURES, 'df["bill"] / df["party"]', expression)
    check, code = NOT_OF_ONE_ROW[expression]

    verdict = shop.verify()

    assert "V1" not in failed(verdict), "the notebook does the same"
    assert check in failed(verdict)
    found = next(f for f in verdict.findings if f.code == code)
    assert (found.origin.cell, found.origin.line) == (4, 1), found
    assert "per_head" in found.message
    assert "row " in found.message
    assert found.advice
    assert verdict.level == "unverified"


def test_the_first_statement_that_differs_is_named(shop: Any) -> None:
    shop.edit(*FAULTS["a median computed from the request"])

    found = next(f for f in shop.verify().findings if f.code == "E-PARITY")

    assert (found.origin.cell, found.origin.line) == (2, 1)
    assert found.source == shop.cells["fill"].splitlines()[0]
    assert "of 32 rows differ when scored alone" in found.message
    assert found.message.count(" in training, nan alone") == 3
    assert "if fitting:" in found.advice


@pytest.mark.slow
def test_features_from_a_rows_own_label_are_a_leak(shop: Any, failed: Any) -> None:
    rate = (
        "df.groupby('day')['tip'].transform(lambda t: (t == 'good').mean()) + (df['tip'] == 'good')"
    )
    shop.cells["bands"] = shop.cells["bands"].replace("df['bill'] / df['party']", rate)
    shop.edit(FEATURES, 'df["bill"] / df["party"]', rate)

    verdict = shop.verify()

    assert "V1" not in failed(verdict)
    assert "E-TARGET-LEAK" in codes(verdict)


@pytest.mark.slow
def test_a_notebook_that_refits_on_its_test_rows_is_told(shop: Any) -> None:
    shop.cells["evaluate"] = (
        "late = pd.get_dummies(df[['party', 'bill', 'per_head', 'band', 'day']], columns=['day'], dtype=int)[60:]\n"
        "late[['bill', 'per_head']] = StandardScaler().fit_transform(late[['bill', 'per_head']])\n"
        "model.predict(late)"
    )

    verdict = shop.verify()

    found = next(f for f in verdict.findings if f.code == "W-TESTPATH-DIFFERS")
    assert (found.origin.cell, found.origin.line) == (7, 3)
    assert verdict.level == "unverified", "these are rows of the primary data"


@pytest.mark.slow
def test_a_notebook_that_only_asks_for_scores_is_verified_with_that_assumption(shop: Any) -> None:
    shop.cells["evaluate"] = "answer = model.predict_proba(X)[:, 1] > 0.3"

    verdict = shop.verify()

    assert verdict.level == "verified"
    assert "scores" in verdict.assumptions[0]["text"]


@pytest.mark.slow
def test_a_value_that_no_row_needs_is_reported_as_untested(shop: Any) -> None:
    data = shop.folder / "visits.csv"
    visits = pd.read_csv(data)
    visits.assign(bill=visits["bill"].fillna(20.0)).to_csv(data, index=False)

    verdict = shop.verify()

    found = next(f for f in verdict.findings if f.code == "W-UNTESTED-SITE")
    assert "bill_by_day" in found.message
    assert verdict.sites[0]["status"] == "untested"
    assert verdict.level == "verified"
