"""What the notebook asks of its model after the fit is compared with the raw rows behind it, whatever their labels say."""

from __future__ import annotations

from typing import Any

ANEW = """from sklearn.model_selection import train_test_split
{indent}X, y = X.reset_index(drop=True), y.reset_index(drop=True)
{indent}X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)"""
MADE_UP = """more = X.iloc[:12].copy()
{indent}more[['bill', 'per_head']] += 0.125
{indent}X, y = pd.concat([X, more], ignore_index=True), pd.concat([y, y.iloc[:12]], ignore_index=True)"""
KEPT = "return state, Training(X, y, rows=X.index)"


def _split(shop: Any) -> None:
    """Let notebook and package number their rows anew before they split them."""
    shop.cells["features"] += "\n" + ANEW.format(indent="")
    shop.cells["train"] = shop.cells["train"].replace("fit(X, y)", "fit(X_train, y_train)")
    lines = ANEW.format(indent="    ") + "\n    return state, Training(X_train, y_train, rows=None)"
    shop.edit("features.py", KEPT, lines)


def _of(verdict: Any, check: str) -> Any:
    return next(one for one in verdict.checks if one.id == check)


def test_rows_numbered_anew_are_found_by_their_values(shop: Any) -> None:
    _split(shop)
    shop.cells["evaluate"] = "model.predict(X_test)"

    verdict = shop.verify()

    assert _of(verdict, "V10").status == "proven"
    assert verdict.exit_code == 0


def test_rows_numbered_anew_and_prepared_otherwise_are_noticed(shop: Any) -> None:
    _split(shop)
    shop.cells["evaluate"] = "X_test.loc[X_test['party'] > 3, 'band'] = 0\nmodel.predict(X_test)"

    verdict = shop.verify()

    assert "W-TESTPATH-DIFFERS" in {f.code for f in verdict.findings}


def test_rows_of_the_fit_that_are_made_up_are_nobodys_test_rows(shop: Any) -> None:
    shop.cells["features"] += "\n" + MADE_UP.format(indent="")
    shop.cells["evaluate"] = "model.predict(X)"
    lines = MADE_UP.format(indent="    ") + "\n    return state, Training(X, y, rows=None)"
    shop.edit("features.py", KEPT, lines)

    verdict = shop.verify()

    assert "W-UNTRACED-ROWS" in {f.code for f in verdict.findings}
    assert _of(verdict, "V10").status == "n/a"
    assert "W-TESTPATH-DIFFERS" not in {f.code for f in verdict.findings}
