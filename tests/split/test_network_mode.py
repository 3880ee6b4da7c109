"""A network that is asked while it is set to training cannot be asked for one row."""

from __future__ import annotations

import pytest

from nbprod.modules import build
from nbprod.notebook.values import Cell, Notebook

TEXT = """
import pandas as pd
import torch
import torch.nn as nn

df = pd.read_csv("rows.csv")
X_t = torch.tensor(df[["a", "b"]].values).float()
y_t = torch.tensor(df["kind"].values)
model = nn.Sequential(nn.Linear(2, 2), {LAYER})
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(2):
    loss = nn.functional.cross_entropy(model(X_t), y_t)
    loss.backward()
    optimizer.step()
{MODE}
kinds = model(X_t).argmax(1)
"""


@pytest.mark.parametrize(
    ("layer", "mode", "told"),
    [
        ("nn.Dropout(0.5)", "", True),
        ("nn.BatchNorm1d(2)", "model.train()", True),
        ("nn.Dropout(0.5)", "model.eval()", False),
        ("nn.ReLU()", "", False),
    ],
)
def test_dropout_and_the_like_need_evaluation_mode(layer: str, mode: str, told: bool) -> None:
    text = TEXT.replace("{LAYER}", layer).replace("{MODE}", mode)
    modules = build(Notebook("n.ipynb", "n", (Cell(1, "code", text, text),)))
    codes = {finding.code for finding in modules.findings}
    assert ("W-TRAIN-MODE" in codes) is told
    assert "I-DECISION" in codes
