"""``network.py``: a network is built again from what it took of the data, and trained in the notebook's words."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pytest

from nbprod.findings import NotebookError
from nbprod.modules import build
from nbprod.notebook.values import Cell, Notebook

READ = """
import pandas as pd
import torch
import torch.nn as nn

df = pd.read_csv("rows.csv")
X, y = df[["a", "b"]], df["kind"]
"""
TRAIN = """
X_t = torch.tensor(X.values, dtype=torch.float32)
y_t = torch.tensor(y.values)
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(2):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(X_t), y_t)
    loss.backward()
    optimizer.step()
"""


def files(*cells: str) -> Mapping[str, str]:
    found = tuple(Cell(number, "code", text, text) for number, text in enumerate(cells, 1))
    return build(Notebook("net.ipynb", "net", found)).files


def function(source: str, name: str) -> str:
    tree = ast.parse(source)
    return next(
        ast.unparse(s) for s in tree.body if isinstance(s, ast.FunctionDef) and s.name == name
    )


def test_what_comes_from_the_data_is_handed_over() -> None:
    made = "model = nn.Sequential(nn.Linear(X.shape[1], 8), nn.Linear(8, y.nunique()))"
    found = files(READ, made + TRAIN)
    built = function(found["network.py"], "build_network")
    assert "def build_network(n_features: Any, n_classes: Any)" in built
    assert "nn.Linear(n_features, 8), nn.Linear(8, n_classes)" in built
    trained = function(found["model.py"], "fit_model")
    assert "sizes = {'n_features': X.shape[1], 'n_classes': y.nunique()}" in trained
    assert "model = build_network(**sizes)" in trained
    assert "return Network(model, sizes)" in trained


def test_layers_that_a_loop_adds_come_with_it() -> None:
    made = (
        "layers = []\nwidth = X.shape[1]\nfor size in (8, 4):\n    layers.append(nn.Linear(width, size))\n"
        "    width = size\nmodel = nn.Sequential(*layers)\n"
    )
    built = function(files(READ, made + TRAIN)["network.py"], "build_network")
    assert "width = n_features" in built
    assert "return nn.Sequential(*layers)" in built


def test_a_class_of_the_notebook_is_imported_where_the_network_is_built() -> None:
    net = "class Net(nn.Module):\n    def __init__(self, d):\n        super().__init__()\n        self.a = nn.Linear(d, 2)\n"
    found = files(READ, net, "model = Net(d=2)\n" + TRAIN)
    assert "from .transformers import Net" in found["network.py"]
    assert "def build_network()" in found["network.py"]
    assert "class Net(nn.Module)" in found["transformers.py"]


def test_a_class_that_reads_a_tensor_from_around_it_is_refused() -> None:
    net = (
        "weight = torch.tensor(y.values).sum()\n"
        "class Net(nn.Module):\n    def forward(self, x):\n        return x * weight\n"
    )
    with pytest.raises(NotebookError, match="E-NOSINK: cell 2:2: the class Net reads weight"):
        files(READ, net + "model = Net()\n" + TRAIN)


def test_a_network_that_a_loop_builds_is_refused() -> None:
    text = "for seed in range(3):\n" + "\n".join(
        "    " + line for line in ("model = nn.Linear(2, 2)" + TRAIN).splitlines()
    )
    with pytest.raises(NotebookError, match=r"E-NOSINK: cell 2:2: .* each round of a loop"):
        files(READ, text)


def test_answers_are_made_of_the_outputs() -> None:
    made = "model = nn.Linear(2, 2)"
    asked = "model.eval()\nwith torch.no_grad():\n    kinds = model(X_t).argmax(dim=1)\n"
    text = files(READ, made + TRAIN + asked)["answers.py"]
    assert "output = torch.from_numpy(model.predict(X))" in text
    assert "predictions = np.asarray(output.argmax(dim=1), dtype=int)" in text


def test_seeds_come_with_a_network_that_fits_itself() -> None:
    net = (
        "class Net(nn.Module):\n    def fit(self, X, y):\n        return self\n"
        "    def predict(self, X):\n        return X\n"
    )
    text = files(
        READ, net, "torch.manual_seed(3)\nmodel = Net()\nmodel.fit(X, y)\nmodel.predict(X)"
    )
    assert "torch.manual_seed(3)" in function(text["model.py"], "fit_model")


def probabilities(head: str, loss: str) -> str:
    made = f"model = nn.Sequential(nn.Linear(2, 3){head})"
    asked = "kinds = model(X_t).argmax(1)\n"
    return files(READ, made + TRAIN.replace("cross_entropy", loss) + asked)["answers.py"]


def test_probabilities_are_those_that_the_loss_means() -> None:
    assert "output.softmax(1)" in probabilities("", "cross_entropy")
    assert "output.sigmoid()" in probabilities("", "binary_cross_entropy_with_logits")


def test_a_network_that_ends_in_shares_gives_them_as_they_are() -> None:
    assert "np.asarray(output, dtype=float)" in probabilities(
        ", nn.Softmax(dim=1)", "cross_entropy"
    )
    assert "predict_proba" in probabilities(", nn.Sigmoid()", "binary_cross_entropy_with_logits")
