"""The README lists what of the notebook is not in the package."""

from __future__ import annotations

from nbprod.modules.values import Statement
from nbprod.render.left_out import left_out


def test_statements_of_the_package_are_not_listed() -> None:
    assert left_out([Statement(1, 1, "import", ""), Statement(2, 1, "serve", "")]) == []


def test_each_role_is_one_row_with_cells_and_lines() -> None:
    found = left_out(
        [
            Statement(3, 2, "display", ""),
            Statement(4, 1, "evaluate", ""),
            Statement(4, 2, "display", ""),
            Statement(4, 2, "display", ""),
            Statement(4, 5, "display", ""),
        ]
    )
    assert [row["where"] for row in found] == ["3:2, 4:2+5", "4:1"]
    assert "figures" in found[0]["what"]
