"""Training rows that are drawn more than once are rows of the data; rows that are made up are not."""

from __future__ import annotations

from typing import Any

DRAWN = """from sklearn.utils import resample
{indent}X, y = resample(X, y, random_state=0)
{indent}X, y = X.reset_index(drop=True), y.reset_index(drop=True)"""


def draw(shop: Any, more: str = "") -> None:
    """Let notebook and package train on rows that are drawn with replacement, then changed by ``more``."""
    lines = DRAWN + (f"\n{{indent}}{more}" if more else "")
    shop.cells["features"] += "\n" + lines.format(indent="")
    shop.edit(
        "features.py",
        "return state, Training(X, y, rows=X.index)",
        lines.format(indent="    ") + "\n    return state, Training(X, y, rows=None)",
    )


def test_rows_drawn_again_are_verified_with_that_assumption(shop: Any) -> None:
    draw(shop)

    verdict = shop.verify()

    assert verdict.exit_code == 0
    assert verdict.level == "verified"
    assert any(note["kind"] == "resampled" for note in verdict.assumptions)


def test_a_row_that_nobody_has_is_still_untraced(shop: Any) -> None:
    draw(shop, "X.loc[0, 'party'] = 77")

    verdict = shop.verify()

    assert "W-UNTRACED-ROWS" in {f.code for f in verdict.findings}
    assert verdict.exit_code == 1
