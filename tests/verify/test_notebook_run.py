"""How notebooks run: tags, failures, order, edits after conversion, unseeded training."""

from __future__ import annotations

from typing import Any

import pytest

from nbprod.findings import Finding, NotebookError


def test_a_failure_before_the_fit_is_said_with_cell_and_line(shop: Any) -> None:
    shop.cells["plot"] = "x = 1\nx.missing"

    verdict = shop.verify()

    found = next(f for f in verdict.findings if f.code == "W-NOTEBOOK-FAILS")
    assert (found.origin.cell, found.origin.line) == (3, 2)
    assert "AttributeError" in found.message
    assert {check.status for check in verdict.checks} == {"skipped"}
    assert verdict.exit_code == 1


def test_after_a_failure_behind_the_fit_the_features_are_still_judged(shop: Any) -> None:
    shop.cells["evaluate"] = "1 / 0"

    verdict = shop.verify()

    assert {c.id for c in verdict.checks if c.status == "proven"} >= {"V1", "V3", "V4", "V14"}
    assert "W-NOTEBOOK-FAILS" in {f.code for f in verdict.findings}
    assert verdict.level == "unverified"


def test_a_fit_that_is_never_reached_is_said(shop: Any) -> None:
    shop.cells["train"] = shop.cells["train"].replace(
        "model.fit(X, y)", "if False:\n    model.fit(X, y)"
    )
    shop.cells["evaluate"] = "pass"
    shop.plan["sink"].update(line=4, top_line=4)

    verdict = shop.verify()

    assert "E-SINK-NOT-REACHED" in {f.code for f in verdict.findings}


def test_an_edit_of_the_notebook_after_conversion_is_caught(shop: Any) -> None:
    shop.manifest = {"notebook": {"content_hash": "0" * 64}}

    verdict = shop.verify()

    assert "E-BEHIND" in {f.code for f in verdict.findings}
    assert verdict.level == "unverified"


def test_a_static_error_outranks_green_checks(shop: Any) -> None:
    shop.plan["findings"] = [Finding("E-CROSS-ROW", "a rank").as_dict()]

    verdict = shop.verify()

    assert all(check.green for check in verdict.checks)
    assert verdict.level == "refused"
    assert verdict.exit_code == 1


def test_an_assumption_keeps_the_verdict_at_verified(shop: Any) -> None:
    shop.plan["assumptions"] = [{"cell": 2, "line": 1, "text": "clean() treats each row alone"}]

    assert shop.verify().level == "verified"


def test_unseeded_training_is_told_and_compared(shop: Any) -> None:
    shop.cells["train"] = shop.cells["train"].replace(", random_state=0", "")
    shop.edit("model.py", ", random_state=0", "")

    verdict = shop.verify()

    assert "I-UNSEEDED" in {f.code for f in verdict.findings}
    assert verdict.level == "proven"


def test_a_fit_in_a_helper_is_found_by_its_caller(shop: Any) -> None:
    shop.cells["train"] = (
        "from sklearn.ensemble import RandomForestClassifier\n"
        "def train(trees, X, y):\n"
        "    model = RandomForestClassifier(n_estimators=trees, random_state=0)\n"
        "    return model.fit(X, y)\n"
        "for trees in (5, 7):\n"
        "    train(trees, X, y)\n"
        "model = train(20, X, y)"
    )
    shop.plan["sink"].update(line=4, top_line=7)

    assert shop.verify().level == "proven"


def test_a_folder_without_a_package_is_an_error_of_one_line(shop: Any, tmp_path: Any) -> None:
    from nbprod.verify import verify

    shop.write()
    with pytest.raises(NotebookError, match="run `nbprod convert` first") as error:
        verify(shop.notebook, tmp_path / "nowhere")
    assert "\n" not in str(error.value)


def test_an_interpreter_that_cannot_run_notebooks_is_an_error_of_one_line(
    shop: Any, tmp_path: Any
) -> None:
    bare = tmp_path / "bare"
    bare.write_text("#!/bin/sh\nexit 3\n")
    bare.chmod(0o755)

    with pytest.raises(NotebookError, match="must have NumPy") as error:
        shop.verify(python=str(bare))
    assert "\n" not in str(error.value)
    with pytest.raises(NotebookError, match="no interpreter 'nowhere'"):
        shop.verify(python="nowhere")
