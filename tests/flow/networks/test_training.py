"""Loops that train a network become fits: of which rows, of what label, and how the notebook answers."""

from __future__ import annotations

import ast

import pytest

from nbprod.flow.networks.splits import taken
from nbprod.flow.networks.training import as_fits
from nbprod.flow.networks.values import Training

HEAD = """
import numpy as np
import pandas as pd
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset, TensorDataset, random_split
"""
TENSORS = """
X_t = torch.tensor(X_train.values, dtype=torch.float32)
y_t = torch.tensor(y_train.values, dtype=torch.long)
T_t = torch.tensor(X_test.values, dtype=torch.float32)
"""
NET = """
model = nn.Sequential(nn.Linear(2, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters())
"""
LOOP = """
for epoch in range(2):
    optimizer.zero_grad()
    loss = criterion(model(X_t), y_t)
    loss.backward()
    optimizer.step()
"""
BATCHES = """
for epoch in range(2):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
"""
DATASET = """
class Rows(Dataset):
    def __init__(self, X, y):
        self.X = torch.tensor(X, dtype=torch.float32)
        self.y = torch.tensor(y)

    def __getitem__(self, i):
        return {RETURNED}
"""
HELPER = """
def train(net, loader, loss_of, steps):
    for i, (a, b) in enumerate(loader):
        loss = loss_of(net(a), b)
        steps.zero_grad()
        loss.backward()
        steps.step()
"""


def fits(text: str) -> list[Training]:
    return [
        training
        for statement in as_fits(ast.parse(HEAD + text).body)
        for node in ast.walk(statement)
        if (training := getattr(node, "training", None)) is not None
    ]


def rows_and_label(text: str) -> tuple[str, str, str]:
    (found,) = fits(text)
    return ast.unparse(found.rows), ast.unparse(found.label), found.tensor


TENSOR = "torch.tensor(X.values, dtype=torch.float32)"
LOADERS = {
    "all rows at once": (TENSORS + NET + LOOP, "X_train", TENSOR),
    "a loader": (
        TENSORS + NET + "loader = DataLoader(TensorDataset(X_t, y_t), shuffle=True)" + BATCHES,
        "X_train",
        TENSOR,
    ),
    "a part drawn from a data set": (
        TENSORS + NET + "a, b = random_split(TensorDataset(X_t, y_t), [9, 1])\nloader = DataLoader(a)" + BATCHES,
        "X_train",
        TENSOR,
    ),
    "a data set of the notebook": (
        DATASET.replace("{RETURNED}", "self.X[i], self.y[i]") + NET
        + "loader = DataLoader(Rows(X_train, y_train))" + BATCHES,
        "X_train",
        "torch.tensor(X, dtype=torch.float32)",
    ),
    "items with names": (
        DATASET.replace("{RETURNED}", "{'a': self.X[i], 'b': self.y[i]}") + NET
        + "loader = DataLoader(Rows(X_train, y_train))"
        + BATCHES.replace("for xb, yb in", "for part in").replace("model(xb), yb", "model(part['a']), part['b']"),
        "X_train",
        "torch.tensor(X, dtype=torch.float32)",
    ),
    "a function that trains": (
        TENSORS + NET + HELPER + "train(model, DataLoader(TensorDataset(X_t, y_t)), criterion, optimizer)",
        "X_train",
        TENSOR,
    ),
    "a loss with a name": (
        TENSORS + NET + HELPER + "error = nn.functional.cross_entropy\n"
        "train(model, DataLoader(TensorDataset(X_t, y_t)), error, optimizer)",
        "X_train",
        TENSOR,
    ),
    "tensors by map": (
        TENSORS + NET + "X_t, y_t = map(torch.tensor, (X_train, y_train))" + LOOP,
        "X_train",
        "torch.tensor(X)",
    ),
    "parts by place": (
        TENSORS + NET + LOOP.replace("model(X_t), y_t", "model(X_t[i:i + 8]), y_t[i:i + 8]"),
        "X_train",
        TENSOR,
    ),
    "a device": (
        TENSORS + "device = torch.device('cpu')\n" + NET + LOOP.replace("model(X_t)", "model(X_t.to(device))"),
        "X_train",
        TENSOR,
    ),
    "another shape": (
        TENSORS + "X_t = X_t.view(X_t.shape[0], 1, 2)\n" + NET + LOOP,
        "X_train",
        f"{TENSOR}.view(-1, 1, 2)",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "rows", "tensor"), LOADERS.values(), ids=LOADERS)
def test_the_rows_of_the_table_are_found(text: str, rows: str, tensor: str) -> None:
    assert rows_and_label(text) == (rows, "y_train", tensor)


def test_a_tensor_that_takes_the_name_of_its_table_gets_its_own() -> None:
    text = TENSORS.replace("X_t =", "X_train =") + NET + LOOP.replace("X_t", "X_train")
    (found,) = fits(text)
    printed = "\n".join(ast.unparse(s) for s in found.statements)
    assert "X_train_tensor = torch.tensor(X_train.values" in printed
    assert "model(X_train_tensor)" in printed


def test_weights_that_are_put_back_belong_to_the_training() -> None:
    (found,) = fits(
        TENSORS + NET + "best = model.state_dict()" + LOOP + "model.load_state_dict(best)"
    )
    assert ast.unparse(found.statements[-1]) == "model.load_state_dict(best)"


def test_seeds_stay_with_the_training_and_tables_do_not() -> None:
    text = "torch.manual_seed(1)\nX_train = X_train.fillna(0)\n" + TENSORS + NET + LOOP
    (found,) = fits(text)
    printed = [ast.unparse(s) for s in found.statements]
    assert printed[0] == "torch.manual_seed(1)"
    assert "X_train = X_train.fillna(0)" not in printed
    assert not any("T_t" in line for line in printed)


def test_what_makes_the_table_stays_with_the_preprocessing() -> None:
    text = "n = 8\nX_train, X_test = table[:n], table[n:]\n" + TENSORS + NET + LOOP
    (found,) = fits(text.replace("X_train.values", "X_train.to_numpy()"))
    assert not any("table" in ast.unparse(s) for s in found.statements)


def test_a_function_that_builds_and_trains_is_written_out() -> None:
    inner = "\n".join("    " + line for line in (TENSORS + NET + LOOP).splitlines())
    (found,) = fits(
        f"def fitted(X_train, y_train):\n{inner}\n    return model\nnet = fitted(A, b)\n"
    )
    assert (ast.unparse(found.rows), ast.unparse(found.label), found.model) == ("A", "b", "net")


def test_a_function_that_builds_a_network_is_written_out() -> None:
    text = (
        "def made(width):\n    net = nn.Linear(width, 3)\n    return net, torch.optim.Adam(net.parameters())\n"
        + TENSORS + "criterion = nn.CrossEntropyLoss()\nmodel, optimizer = made(2)" + LOOP
    )  # fmt: skip
    (found,) = fits(text)
    printed = [ast.unparse(s) for s in found.statements]
    assert "model = nn.Linear(2, 3)" in printed
    assert "optimizer = torch.optim.Adam(model.parameters())" in printed


ANSWERS = {
    "torch.argmax(model(T_t), dim=1)": "torch.argmax(output, dim=1)",
    "model(T_t).argmax(1).numpy()": "output.argmax(1)",
    "torch.max(model(T_t), 1)[1]": "torch.max(output, 1)[1]",
    "torch.max(model(T_t).data, 1).indices": "torch.max(output, 1)[1]",
    "(torch.softmax(model(T_t), dim=1)[:, 1] > 0.3).int()": "torch.softmax(output, dim=1)[:, 1] > 0.3",
    "np.argmax(model(T_t).detach().numpy(), axis=1)": "np.argmax(output.numpy(), axis=1)",
    "(torch.sigmoid(model(T_t)).squeeze() >= limit).float()": "torch.sigmoid(output).squeeze(-1) >= 0.4",
    "torch.round(torch.sigmoid(model(T_t)))": "torch.round(torch.sigmoid(output))",
    "[int(p > 0.5) for p in model(T_t)]": "output > 0.5",
    "torch.clamp(model(T_t), min=0)": "torch.clamp(output, min=0)",
}


@pytest.mark.parametrize(("asked", "decision"), ANSWERS.items())
def test_the_last_choice_of_the_notebook_is_its_answer(asked: str, decision: str) -> None:
    (found,) = fits(TENSORS + NET + LOOP + f"limit = 0.4\nanswers = {asked}\n")
    assert found.decision == decision


@pytest.mark.parametrize(
    "asked", ["model(T_t).argmax()", "model(T_t).argmax(0)", "model(T_t).mean()", "model(T_t)[0]"]
)
def test_what_mixes_rows_is_no_answer(asked: str) -> None:
    (found,) = fits(TENSORS + NET + LOOP + f"answers = {asked}\n")
    assert found.decision == "output.argmax(1)"  # the loss says so
    assert found.asked == []


def test_a_threshold_that_is_computed_is_named() -> None:
    (found,) = fits(TENSORS + NET + LOOP + "best = pick(y_test)\nanswers = model(T_t) > best\n")
    assert found.unclear is not None
    assert ast.unparse(found.unclear) == "model(T_t) > best"


def test_other_ways_to_decide_are_known() -> None:
    text = "one = model(T_t) > 0.5\ntwo = model(T_t) > 0.7\nthree = (model(T_t) > 0.7).int()\n"
    (found,) = fits(TENSORS + NET + LOOP + text)
    assert found.decision == "output > 0.7"
    assert [ast.unparse(p) for p in found.other_ways] == ["model(T_t) > 0.5"]


def test_the_mode_in_which_the_network_is_asked_is_known() -> None:
    text = TENSORS + NET.replace("nn.Linear(2, 3)", "nn.Linear(2, 3), nn.Dropout(0.5)") + LOOP
    (asked,) = fits(text + "p = model(T_t).argmax(1)\n")
    (judged,) = fits(text + "model.eval()\np = model(T_t).argmax(1)\n")
    assert (asked.changing, asked.evaluates) == (("Dropout",), False)
    assert judged.evaluates


REFUSED = {
    "no optimizer": (TENSORS + NET.replace("model.parameters()", "weights") + LOOP, "optimizer"),
    "several tables": (
        TENSORS + NET + LOOP.replace("model(X_t)", "model(X_t, T_t)"),
        "several tables",
    ),
    "its own input": (TENSORS + NET + LOOP.replace("y_t)", "X_t)"), "its own input"),
    "tensors that are resampled": (
        "from sklearn.utils import resample\n" + TENSORS + "X_t, y_t = resample(X_t, y_t)\n" + NET + LOOP,
        "split the table",
    ),
    "pictures": (NET + BATCHES.replace("loader", "pictures"), "cannot be followed"),
    "another table": (TENSORS + NET + "X_train = X_test" + LOOP, "changed after its tensor"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "why"), REFUSED.values(), ids=REFUSED)
def test_a_loop_that_cannot_be_followed_says_why(text: str, why: str) -> None:
    body = as_fits(ast.parse(HEAD + text).body)
    (told,) = [reason for s in body if (reason := getattr(s, "refused", ""))]
    assert why in told
    assert fits(text) == []


def test_tensors_that_are_split_are_tables_that_are_split() -> None:
    text = (
        "from sklearn.model_selection import train_test_split\n" + TENSORS
        + "X_t, T_t, y_t, z_t = train_test_split(X_t, y_t, random_state=1)\n" + NET + LOOP
    )  # fmt: skip
    body = as_fits(ast.parse(HEAD + text).body)
    printed = "\n".join(ast.unparse(s) for s in body)
    assert "X_t, T_t, y_t, z_t = train_test_split(X_train, y_train, random_state=1)" in printed
    assert "X_t_tensor = torch.tensor(X_t.values, dtype=torch.float32)" in printed
    (found,) = fits(text)
    assert ast.unparse(found.rows) == "X_t"
    origin = taken(found.rows)
    assert ast.unparse(origin.source) == "X_train"
    assert [output for _, output in origin.steps] == [0]


def test_a_table_that_changes_before_its_tensor_is_split_stays_refused() -> None:
    text = (
        "from sklearn.model_selection import train_test_split\n" + TENSORS + "X_train['a'] = 0\n"
        "X_t, T_t, y_t, z_t = train_test_split(X_t, y_t)\n" + NET + LOOP
    )
    assert fits(text) == []


def test_other_programs_are_left_alone() -> None:
    body = ast.parse("import pandas as pd\nmodel.fit(X, y)\nloss.backward()\n").body
    assert as_fits(body) is body
