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
