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
