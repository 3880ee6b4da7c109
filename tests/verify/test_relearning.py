"""What is learned from something that nobody gave is told: another process, another date, another machine."""

from __future__ import annotations

from typing import Any

FEATURE = 'df["per_head"] = df["bill"] / df["party"]'
CELL = "df['per_head'] = df['bill'] / df['party']"


def learn(shop: Any, expression: str, use: str) -> None:
    """Let the package learn ``state.extra``, which the notebook calls ``extra``, and use it for a feature."""
    shop.cells["bands"] = shop.cells["bands"].replace(
        CELL, f"extra = {expression}\ndf['per_head'] = {use.replace('state.', '')}"
    )
    shop.edit(
        "features.py",
        FEATURE,
        f'if fitting:\n        state.extra = {expression}\n    df["per_head"] = {use}',
    )
    shop.edit(
        "state.py", "    scaler: Any = None\n", "    scaler: Any = None\n    extra: Any = None\n"
    )
    shop.plan["sites"].append(
        {"id": "S2", "cell": 4, "line": 1, "expression": expression, "field": "extra"}
    )


def test_the_order_of_a_set_is_named(shop: Any, failed: Any) -> None:
    learn(shop, "{d: i for i, d in enumerate(set(df['day']))}", "df['day'].map(state.extra) + 0.0")

    verdict = shop.verify()

    assert failed(verdict) == {"V7"}, [(c.id, c.status, c.figure) for c in verdict.checks]
    found = next(f for f in verdict.findings if f.code == "E-RANDOM")
    assert (found.origin.cell, found.origin.line) == (4, 1)
    assert verdict.level == "unverified"


def test_the_date_of_training_is_named(shop: Any, failed: Any) -> None:
    learn(shop, "pd.Timestamp.now().year", "df['bill'] + df['party'] * (state.extra % 7)")

    verdict = shop.verify()

    assert failed(verdict) == {"V7", "V8"}
    found = next(f for f in verdict.findings if f.code == "W-CLOCK")
    assert (found.origin.cell, found.origin.line) == (4, 1)
    assert verdict.level == "unverified"


def test_hours_without_a_date_are_the_date_of_today(shop: Any, failed: Any) -> None:
    learn(
        shop, "pd.to_datetime('10:30').toordinal()", "df['bill'] + df['party'] * (state.extra % 7)"
    )

    verdict = shop.verify()

    assert "V7" in failed(verdict)
    assert "W-CLOCK" in {f.code for f in verdict.findings}


def test_what_reading_tells_of_another_machine_is_never_verified(shop: Any, failed: Any) -> None:
    place = {"cell": 4, "line": 1}
    shop.plan["findings"] = [{"code": "W-OUTSIDE", "message": "os.getenv is asked", **place}]

    verdict = shop.verify()

    assert failed(verdict) == {"V8"}
    assert verdict.level == "unverified"


def test_an_error_while_learning_names_its_statement(shop: Any) -> None:
    shop.edit("features.py", FEATURE, 'df["per_head"] = df["bill"] / df["partie"]')

    verdict = shop.verify()

    found = next(f for f in verdict.findings if f.code == "E-PACKAGE")
    assert (found.origin.cell, found.origin.line) == (4, 1)
    assert "partie" in found.message
