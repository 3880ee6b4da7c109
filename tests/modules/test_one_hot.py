"""``answers.py`` of a network whose label has one column a class."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from nbprod.modules import build
from nbprod.notebook.values import Cell, Notebook

TEXT = """
import numpy as np
import pandas as pd
from sklearn.preprocessing import LabelEncoder
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential
from tensorflow.keras.utils import to_categorical

df = pd.read_csv("rows.csv")
names = LabelEncoder()
X, y = df[["a", "b"]], to_categorical(names.fit_transform(df["kind"]))
model = Sequential([Dense(2, activation="softmax")])
model.compile(loss="categorical_crossentropy", optimizer="adam")
model.fit(X, y, epochs=3)
kinds = names.inverse_transform(np.argmax(model.predict(X), axis=1))
"""


class _Names:
    def inverse_transform(self, codes: Any) -> Any:
        return np.array(["cat", "dog"])[codes]


def test_shares_and_codes_both_become_names() -> None:
    modules = build(Notebook("n.ipynb", "n", (Cell(1, "code", TEXT, TEXT),)))
    text = modules.files["answers.py"].replace("from .state", "from builtins")
    space: dict[str, Any] = {}
    exec(text, space)
    state = SimpleNamespace(**{modules.state[0].name: _Names()})
    shares = np.array([[0.9, 0.1], [0.2, 0.8]])
    assert space["answer"](shares, state).tolist() == ["cat", "dog"]
    assert space["answer"](np.array([1, 0]), state).tolist() == ["dog", "cat"]
