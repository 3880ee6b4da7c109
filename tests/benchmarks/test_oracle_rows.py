"""A row of the fit is told from the others by label, split or order, or not at all."""

from __future__ import annotations

from typing import Any

from benchmarks.oracle_rows import find_rows, label_column

RAW: dict[str, Any] = {
    "columns": ["x", "label"],
    "rows": [[10, "a"], [11, "b"], [12, "a"], [13, "b"], [14, "a"], [15, "a"]],
    "labels": [0, 1, 2, 3, 4, 5],
}


def fit(**changes: Any) -> dict[str, Any]:
    return {"rows": None, "count": 3, "y": ["a", "b", "a"], "splits": [], **changes}


def test_labels_of_a_filtered_frame_find_its_rows() -> None:
    found = find_rows(RAW, fit(rows=[5, 3, 0]), "label")
    assert (found.how, found.rows) == ("labels", (5, 3, 0))


def test_labels_that_were_numbered_anew_are_not_believed() -> None:
    found = find_rows(RAW, fit(rows=[0, 1, 2], y=["b", "b", "a"]), "label")
    assert found.how == "unmatched"


def test_an_array_is_followed_through_its_split() -> None:
    split = {"count": 6, "labels": None, "train": [4, 1, 2], "test": [0, 3, 5]}
    found = find_rows(RAW, fit(splits=[split]), "label")
    assert (found.how, found.rows) == ("split", (4, 1, 2))
    test = {"rows": None, "count": 3}
    assert found.other_rows(test, [split], RAW) == [0, 3, 5]


def test_a_split_of_a_shorter_table_counts_in_its_labels() -> None:
    split = {"count": 4, "labels": [0, 1, 4, 5], "train": [3, 1, 0], "test": [2]}
    found = find_rows(RAW, fit(splits=[split]), "label")
    assert found.rows == (5, 1, 0)


def test_numbers_of_a_shorter_table_are_believed_only_if_the_label_bears_them_out() -> None:
    split = {"count": 4, "labels": [0, 1, 2, 3], "train": [3, 1, 0], "test": [2]}
    assert find_rows(RAW, fit(splits=[split], y=[7, 5, 9]), "").how == "unmatched"
    assert find_rows(RAW, fit(splits=[split], y=None), "").how == "unmatched"
    assert find_rows(RAW, fit(splits=[split], y=[1, 1, 0]), "").rows == (3, 1, 0)
    assert find_rows(RAW, fit(rows=[0, 1, 2], y=[7, 5, 9]), "").how == "unmatched"
    first = {"count": 5, "labels": [0, 1, 2, 3, 4], "train": [4, 1, 2, 0], "test": [3]}
    again = {"count": 4, "labels": [4, 1, 2, 0], "train": [0, 3, 1], "test": [2]}
    assert find_rows(RAW, fit(splits=[first, again], y=[7, 5, 9]), "").how == "unmatched"


def test_all_rows_in_order_need_no_label() -> None:
    found = find_rows(RAW, fit(count=6, y=None), "label")
    assert (found.how, found.rows) == ("order", (0, 1, 2, 3, 4, 5))


def test_repeated_labels_tell_nothing() -> None:
    assert find_rows(RAW, fit(rows=[0, 0, 2]), "label").how == "unmatched"


def test_a_label_column_that_nobody_names_is_found_by_its_values() -> None:
    seen = fit(rows=[5, 3, 0], y=[0, 1, 0])
    assert label_column(RAW, seen, find_rows(RAW, seen, ""), "") == "label"
    other = fit(rows=[5, 3, 0], y=[0.5, 0.7, 0.1])
    assert label_column(RAW, other, find_rows(RAW, other, ""), "") == ""
