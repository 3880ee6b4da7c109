"""What a name of a training holds: rows as a tensor, a network, what it says."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Literal

Task = Literal["", "classification", "regression"]
ROWS = "X"
OUTPUT = "output"


@dataclass(frozen=True)
class Rows:
    """Rows of a table: ``source`` says which, ``text`` makes a tensor of them, of a variable called ``X``."""

    source: ast.expr
    text: ast.expr
    tensor: bool = False


@dataclass(frozen=True)
class Network:
    """A module of PyTorch by the call that builds it."""

    built: ast.Call


@dataclass(frozen=True)
class Optimizer:
    """What changes the weights of a network."""

    network: Network


@dataclass(frozen=True)
class Loss:
    """A function of PyTorch that compares outputs with labels, by its last name."""

    name: str


@dataclass(frozen=True)
class Output:
    """What a network says of rows: ``text`` is made of a variable called ``output``; ``decided`` names a choice made."""

    network: Network
    rows: Rows
    text: ast.expr
    decided: str = ""


@dataclass(frozen=True)
class Group:
    """Several values side by side, such as a batch, with the ``keys`` of a dict; a loader gives batches of its data set."""

    items: tuple[Value, ...]
    keys: tuple[object, ...] = ()


Value = Rows | Network | Optimizer | Loss | Output | Group | None


@dataclass(frozen=True)
class Asked:
    """Rows that a trained network is asked for, and the expression that holds the notebook's answer."""

    rows: ast.expr
    answer: ast.expr


@dataclass
class Training:
    """One training: its statements, the last of which ends it, and what the notebook makes of the outputs.

    ``model`` is the variable of the network, ``built`` the call that builds it, ``rows`` and ``label`` are
    expressions inside ``statements``, ``tensor`` makes a tensor of ``X``, ``decision`` an answer of ``output``;
    an empty one takes the output as it is; ``shares`` are the probabilities that its loss speaks of. ``other_ways`` decide otherwise, ``unclear`` by a threshold that is computed.
    ``evaluates`` says that the network is asked in evaluation mode, ``changing`` names layers for which that matters.
    """

    statements: list[ast.stmt]
    model: str
    built: ast.Call
    rows: ast.expr
    label: ast.expr
    tensor: str
    task: Task = ""
    decision: str = ""
    shares: str = ""
    decided_at: ast.expr | None = None
    other_ways: list[ast.expr] = field(default_factory=list)
    unclear: ast.expr | None = None
    asked: list[Asked] = field(default_factory=list)
    evaluates: bool = True
    changing: tuple[str, ...] = ()


__all__ = [
    "OUTPUT",
    "ROWS",
    "Asked",
    "Group",
    "Loss",
    "Network",
    "Optimizer",
    "Output",
    "Rows",
    "Task",
    "Training",
    "Value",
]
