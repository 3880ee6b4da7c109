"""Rows that a split keeps back and that training saw as well are told: the score on them says little."""

from __future__ import annotations

from typing import Any

import pandas as pd

SPLIT = "train_test_split(X, y, random_state=3)"


def split(shop: Any) -> None:
    """Let notebook and package keep rows back before the fit."""
    shop.cells["features"] += (
        "\nfrom sklearn.model_selection import train_test_split\n"
        f"X_train, X_test, y_train, y_test = {SPLIT}"
    )
    shop.cells["train"] = shop.cells["train"].replace("fit(X, y)", "fit(X_train, y_train)")
    shop.cells["evaluate"] = "model.predict(X_test)"
    shop.edit(
        "features.py",
        "return state, Training(X, y, rows=X.index)",
        "from sklearn.model_selection import train_test_split\n"
        f"    X, X_test, y, _ = {SPLIT}\n"
        "    return state, Training(X, y, rows=X.index, holdout=X_test.index)",
    )


def test_rows_on_both_sides_of_a_split_are_counted(shop: Any) -> None:
    split(shop)
    path = shop.folder / "visits.csv"
    rows = pd.read_csv(path)
    pd.concat([rows, rows.iloc[:40]]).to_csv(path, index=False)

    verdict = shop.verify()

    found = next(f for f in verdict.findings if f.code == "W-LEAK-DUPLICATES")
    assert "rows kept back by the split equal a training row" in found.message
    assert int(found.message.split()[0]) > 0
    assert verdict.exit_code == 0, "it is a warning"


def test_distinct_rows_are_no_leak(shop: Any) -> None:
    split(shop)

    verdict = shop.verify()

    assert "W-LEAK-DUPLICATES" not in {f.code for f in verdict.findings}
    assert verdict.exit_code == 0
