"""The raw rows behind the features are named by labels that the notebook did not number anew."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nbprod.modules.runtime.row_labels import row_labels

LABEL = pd.Series([1, 0, 1], index=[7, 2, 5])


def test_features_keep_their_own_labels() -> None:
    features = pd.DataFrame({"x": [0.1, 0.2, 0.3]}, index=[7, 2, 5])
    assert list(row_labels(features, LABEL)) == [7, 2, 5]


def test_a_frame_made_from_an_array_takes_the_labels_of_the_target() -> None:
    features = pd.DataFrame(np.ones((3, 1)), columns=["x"])
    assert list(row_labels(features, LABEL)) == [7, 2, 5]


def test_all_rows_in_order_are_named_by_their_numbers() -> None:
    features = pd.DataFrame(np.ones((3, 1)), columns=["x"])
    assert list(row_labels(features, LABEL.reset_index(drop=True))) == [0, 1, 2]


def test_arrays_name_no_rows() -> None:
    assert row_labels(np.ones((3, 1)), np.ones(3)) is None
