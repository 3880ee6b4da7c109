"""What the checks share: the package under judgement and what the notebook was seen to do."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from .. import comparison, storage, tables
from ..tables import Array, Table
from .raised import place_of

PROVEN, PARTIAL, FAILED, SKIPPED, NOT_APPLICABLE = "proven", "partial", "failed", "skipped", "n/a"

MOST_KEPT = 400  # rows scored alone; the checks share the first ones


@dataclass(frozen=True)
class Outcome:
    """The result of one check; ``findings`` are dicts with code, message, advice, cell, line, source."""

    status: str
    figure: str
    findings: tuple[dict[str, Any], ...] = ()
    details: dict[str, Any] = field(default_factory=dict)
    assumptions: tuple[dict[str, Any], ...] = ()


class Package:
    """The modules of a generated package, imported when they are asked for."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, module: str) -> ModuleType:
        return importlib.import_module(f"{self.name}.{module}")


@dataclass
class Notebook:
    """What the notebook handed to ``fit`` and what its fitted model answered."""

    X: Table
    y: Table | None
    predictions: Table | None
    probabilities: Table | None
    parameters: dict[str, str]
    model: str
    asked: list[dict[str, Any]]
    records: str
    others: list[dict[str, Any]] = field(default_factory=list)
    threshold: float | None = None  # that it found by its model's scores

    @classmethod
    def load(cls, run: dict[str, Any], records: str) -> Notebook:
        """Read the tables of a recorded run."""
        fit = run["fit"]

        def read(name: str) -> Table | None:
            return storage.load(fit[name], records) if fit[name] else None

        features = read("X")
        assert features is not None
        return cls(
            features,
            read("y"),
            read("predictions"),
            read("probabilities"),
            fit["params"],
            fit["class"],
            run["predictions"],
            records,
            fit.get("others", []),
            run.get("threshold"),
        )


@dataclass(frozen=True)
class Fitted:
    """What the package learned, before anything is served; the first check needs no more.

    ``other_versions`` names the libraries that differ from the notebook's, where it ran in an older
    interpreter.
    """

    package: Package
    notebook: Notebook
    raw: pd.DataFrame
    state: Any
    training: Any
    other_versions: str


@dataclass
class Case:
    """Everything a check may look at.

    ``positions`` has, for every row of the notebook's X, the place of its raw row in ``raw``, or -1.
    ``everything`` is ``transform`` of all raw rows. ``all_rows`` asks for every row
    alone. ``stored`` tells where the notebook's X is on disk. ``singles`` holds the features of rows that were scored alone, by place in ``raw``.
    """

    package: Package
    notebook: Notebook
    plan: dict[str, Any]
    raw: pd.DataFrame
    state: Any
    training: Any
    schema: Any
    bundle: Any
    everything: Table
    positions: Array
    lineage: str
    scratch: str
    folder: str
    reads: list[dict[str, Any]]
    notebook_failed: bool
    rows_added: int
    other_versions: str
    all_rows: bool
    stored: dict[str, Any] | None = None
    singles: dict[int, Table] = field(default_factory=dict)

    def features(self, frame: pd.DataFrame, state: Any = None) -> Table:
        """Return the features of raw rows the way the service computes them."""
        return self.served(self.schema.coerce(frame), state)

    def served(self, typed: pd.DataFrame, state: Any = None) -> Table:
        """Return the features of rows that have the types of the schema."""
        return self.as_table(self.package.features.transform(typed, state or self.state))

    def alone(self, position: int) -> Table:
        """Return the features of one raw row scored alone; kept for a while, for several checks ask.

        Raises:
            Exception: whatever the package raises for this row.
        """
        found = self.singles.get(position)
        if found is None:
            found = self.served(self.typed.iloc[position : position + 1])
            if len(self.singles) < MOST_KEPT:
                self.singles[position] = found
        return found

    def place_of(self, problem: BaseException) -> dict[str, Any]:
        """Return cell, line and source of the notebook's statement behind an exception, or nothing."""
        return place_of(problem, Path(str(self.package.features.__file__)).parent, self.plan)

    def answers_to_others(self, state: Any = None) -> list[Any]:
        """Return the package's answers to the requests that the notebook's data does not know."""
        requests = [other["request"] for other in self.notebook.others]
        if not requests:
            return []
        found = self.package.features.transform(self.schema.frame(requests), state or self.state)
        answers: list[Any] = found["answer"].tolist()
        return answers

    def as_table(self, features: Any) -> Table:
        """Return features as a table of the notebook's width.

        Raises:
            ValueError: they have another width, or are no table.
        """
        found = tables.table(features)
        if found is None:
            raise ValueError(f"transform returned {type(features).__name__}, which is no table")
        if found.width != self.notebook.X.width:
            raise ValueError(f"{found.width} features instead of {self.notebook.X.width}")
        return found

    @cached_property
    def typed(self) -> pd.DataFrame:
        """Return all raw rows with the types of the schema: once, for it costs as much as serving.

        That one row gets the same types alone is the business of the checks that send JSON.
        """
        frame: pd.DataFrame = self.schema.coerce(self.raw)
        return frame

    @cached_property
    def witnesses(self) -> dict[str, Any]:
        """Return, for every field of the state, the rows whose features change with it."""
        from . import witnesses

        return witnesses.find(self)

    @cached_property
    def trained_missing(self) -> Array:
        """Return which features had missing values in training, (n features,)."""
        return self.notebook.X.has_missing()

    @cached_property
    def batch_equal(self) -> bool:
        """Say whether all raw rows at once give the notebook's X, where the rows are known."""
        known = self.known
        return not self.compare(known, self.everything.take(self.positions[known])).any()

    @property
    def known(self) -> Array:
        """Return the places in the notebook's X whose raw row is known."""
        return np.flatnonzero(self.positions >= 0)

    def compare(self, places: Iterable[int], found: Table) -> Array:
        """Return where ``found`` differs from the notebook's X at ``places``, (rows, features)."""
        return comparison.differences(self.notebook.X.take(list(places)), found)

    def records(self, positions: Iterable[int]) -> list[dict[str, Any]]:
        """Return raw rows as a client would send them, in JSON values."""
        return records(self.raw.iloc[list(positions)])


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as dicts of JSON values; missing values become null."""
    columns = {str(name): [_plain(v) for v in frame[name].tolist()] for name in frame.columns}
    return [{name: values[i] for name, values in columns.items()} for i in range(len(frame))]


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return None if value is pd.NaT else value.isoformat()
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    return value if isinstance(value, (str, int, float, bool)) else str(value)
