"""Faults that all but one check let pass: what only another process, or only the answers, can show."""

from __future__ import annotations

from typing import Any

from nbprod.verify import Verdict

PER_HEAD = "df['per_head'] = df['bill'] / df['party']"


def failed(verdict: Verdict) -> set[str]:
    return {check.id for check in verdict.checks if check.status == "failed"}


def test_a_feature_from_the_hash_of_a_text_fails_in_another_process(shop: Any) -> None:
    expression = "df['day'].map(hash) % 1000 + 0.0"
    shop.cells["bands"] = shop.cells["bands"].replace(PER_HEAD, f"df['per_head'] = {expression}")
    shop.edit("features.py", 'df["bill"] / df["party"]', expression)

    verdict = shop.verify()

    assert failed(verdict) >= {"V7"}
    assert verdict.level == "unverified"


def test_modules_below_ipython_can_be_imported(shop: Any) -> None:
    shop.cells["plot"] += (
        "\nfrom IPython.core.interactiveshell import InteractiveShell"
        "\nInteractiveShell.ast_node_interactivity = 'all'"
        "\nimport IPython.lib.pretty\nfrom IPython import display\ndisplay.clear_output(wait=True)"
    )

    assert shop.verify().level == "proven"


def test_probabilities_that_the_service_turns_round_are_noticed(shop: Any) -> None:
    shop.edit(
        "service/app.py", "found.probabilities.tolist()", "found.probabilities[:, ::-1].tolist()"
    )

    assert failed(shop.verify()) == {"V14"}


def test_swapped_labels_are_noticed_where_rows_are_traced_by_value(shop: Any) -> None:
    mixed = "X = X.sample(frac=1, random_state=1); y = y.loc[X.index]"
    shop.cells["train"] = shop.cells["train"].replace(
        "model.fit(X, y)", f"{mixed}; model.fit(X.values, y.values)"
    )
    shop.cells["evaluate"] = "model.predict(X.values)"
    shop.edit(
        "features.py",
        "return state, Training(X, y, rows=X.index)",
        f"{mixed}\n    return state, Training(X.values, y.values, rows=None)",
    )
    shop.edit("features.py", "return X.set_axis(raw.index)", "return X.values")
    swapped = "return np.where(np.asarray(predictions) == 'good', 'poor', 'good')"
    shop.edit("answers.py", "return np.asarray(predictions)", swapped)

    verdict = shop.verify()

    assert "E-TARGET" in {finding.code for finding in verdict.findings}
    assert failed(verdict) >= {"V11"}


def test_features_without_rows_are_named(shop: Any) -> None:
    shop.cells["train"] = (
        "class Model:\n    def fit(self, X, y):\n        return self\n"
        "model = Model()\nmodel.fit({'a': X, 'b': X}, y)"
    )
    shop.cells["evaluate"] = "pass"
    shop.plan["sink"].update(line=5, top_line=5)

    verdict = shop.verify()

    found = next(f for f in verdict.findings if f.code == "E-SINK-UNTYPED")
    assert (found.origin.cell, found.origin.line) == (6, 5)
    assert "dict" in found.message
    assert verdict.level == "unverified"


def test_a_scaler_fitted_again_on_the_test_rows_is_told(shop: Any) -> None:
    columns = "['party', 'bill', 'per_head', 'band']"
    split = "train_test_split(X, y, random_state=3)"
    shop.cells["features"] = (
        "from sklearn.preprocessing import StandardScaler\n"
        "from sklearn.model_selection import train_test_split\n"
        f"y = df['tip']\nX = df[{columns}].values\nX_train, X_test, y_train, y_test = {split}\n"
        "scaler = StandardScaler()\nX_train = scaler.fit_transform(X_train)\n"
        "X_test = scaler.fit_transform(X_test)"
    )
    shop.cells["train"] = shop.cells["train"].replace("fit(X, y)", "fit(X_train, y_train)")
    shop.cells["evaluate"] = "model.predict(X_test)"
    path = shop.project / "src/cafe/features.py"
    text = path.read_text()
    start, end = text.index('    target = df["tip"]'), text.index("def fit(")
    text = (
        f"{text[:start]}    X, y, state.held_back = df[{columns}].values.astype(float), None, None\n"
        "    if fitting:\n"
        "        from sklearn.model_selection import train_test_split\n"
        "        y = df['tip']\n"
        f"        X, _, y, kept = {split}\n"
        "        state.held_back = kept.index\n"
        "        state.scaler = StandardScaler().fit(X)\n"
        f"    return state.scaler.transform(X), y\n\n\n{text[end:]}"
    )
    text = text.replace(
        "return state, Training(X, y, rows=X.index)",
        "return state, Training(X, y, rows=y.index, holdout=state.__dict__.pop('held_back'))",
    )
    path.write_text(text.replace("return X.set_axis(raw.index)", "return X"))

    verdict = shop.verify()

    assert "W-TESTPATH-DIFFERS" in {finding.code for finding in verdict.findings}
    assert verdict.level != "proven"


def test_probabilities_that_are_not_given_are_missed(shop: Any) -> None:
    shop.edit("answers.py", "return np.asarray(model.predict_proba(X))", "return None")

    assert "V11" in failed(shop.verify())


def test_class_names_in_another_order_are_noticed(shop: Any) -> None:
    shop.edit("answers.py", "return list(model.classes_)", "return list(model.classes_)[::-1]")

    assert "V11" in failed(shop.verify())
