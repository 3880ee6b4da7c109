"""Load, fit and train with the package, and find the raw row behind every row of X."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .. import comparison, randomness, storage, tables, versions
from ..channel import Channel
from ..tables import Array
from . import sharing
from .case import Case, Fitted, Notebook, Package, _plain, records
from .lineage import trace
from .own_answers import expected_predictions, is_neural
from .raised import place_of, sink_of
from .sampling import chosen
from .witnesses import telling
from .wording import error, finding

FRESH = "fresh.json"  # what the process that reloads the version waits for
FRESH_ROWS = 25
MOST_REQUESTS = 500  # of a function, over HTTP
MOST_OTHERS = 10  # requests that the data does not know
SAMPLE_ROWS = 64
MOST_FEATURES = 1000
MOST_CALLS = 300  # while looking for rows that cannot be prepared


def fit(request: dict[str, Any], channel: Channel) -> Fitted:
    """Load the data and let the package learn its preprocessing."""
    package = Package(request["package"])
    notebook = Notebook.load(request["run"], request["records"])
    channel.send("step", text="load and fit")
    sources = package.data.load()
    raw: pd.DataFrame = getattr(sources, package.data.PRIMARY)
    state, training = package.features.fit(sources)
    return Fitted(package, notebook, raw, state, training, _other_versions(request["run"]))


def prepare(fitted: Fitted, request: dict[str, Any], channel: Channel) -> Case:
    """Return the case; the process that reloads the trained version is told as soon as it can start."""
    package, notebook, raw = fitted.package, fitted.notebook, fitted.raw
    state, training = fitted.state, fitted.training
    channel.send("step", text="train")
    bundle, folder = _train(package, request, channel)
    target = request["plan"].get("target")
    features = [name for name in raw.columns if name != target]
    schema = bundle.schema if bundle else package.schema.RawSchema.learn(raw, features)
    # A row of X among the refused ones has no raw row any more, so the lineage of X fails on it.
    raw = raw[answerable(raw, schema)]
    channel.send("step", text="transform")
    raw = raw[preparable(schema.coerce(raw), state, package.features.transform)]
    everything = tables.table(package.features.transform(schema.coerce(raw), state))
    if everything is None or everything.width != notebook.X.width:
        width = "no table" if everything is None else f"{everything.width} features"
        raise ValueError(
            f"transform returns {width}, the notebook's X has {notebook.X.width} features"
        )
    if everything.rows != len(raw):
        raise ValueError(f"transform returns {everything.rows} rows for {len(raw)}")
    positions, lineage = trace(notebook.X, everything, raw, training.rows)
    case = Case(
        package=package,
        notebook=notebook,
        plan=request["plan"],
        raw=raw,
        state=state,
        training=training,
        schema=schema,
        bundle=bundle,
        everything=everything,
        positions=positions,
        lineage=lineage,
        scratch=request["scratch"],
        folder=request["folder"],
        reads=request["run"]["reads"],
        notebook_failed=request["run"]["failure"] is not None,
        rows_added=request["run"]["rows_added"],
        other_versions=fitted.other_versions,
        all_rows=request["all_rows"],
        stored=request["run"]["fit"]["X"],
    )
    if bundle is not None:
        _hand_over(case, folder, request, channel)
    return case


def answerable(raw: pd.DataFrame, schema: Any) -> Array:
    """Return which rows a request may carry, (n,): a gap in a column without gaps is refused by design."""
    strict = [
        label
        for c in schema.columns
        if (label := getattr(c, "label", c.name)) in raw
        and c.required
        and not getattr(c, "nullable", True)
    ]
    return np.asarray(raw[strict].notna().all(axis=1), dtype=bool)


def preparable(
    raw: pd.DataFrame, state: Any, transform: Callable[[pd.DataFrame, Any], Any]
) -> Array:
    """Return which rows the package can prepare, (n,): it raises for those that the notebook filters out.

    Parts that fail are halved until single rows fail. When every row fails the first error is raised.
    """
    able: Array = np.zeros(len(raw), dtype=bool)
    waiting = [np.arange(len(raw))]
    first: Exception | None = None
    for _ in range(MOST_CALLS):
        if not waiting:
            break
        rows = waiting.pop()
        try:
            transform(raw.iloc[rows].copy(), state)
        except Exception as raised:  # noqa: BLE001  the notebook's own code decides what it raises
            first = first or raised
            if len(rows) > 1:
                waiting.extend(np.array_split(rows, 2))
            continue
        able[rows] = True
    if first is not None and not able.any():
        raise first
    return able


def _train(package: Package, request: dict[str, Any], channel: Channel) -> tuple[Any, str]:
    """Train and publish a version in the private registry, and open it."""
    try:
        if (request["plan"].get("sink") or {}).get("network"):
            import_module("torch")  # so that its generator is as fresh as in the notebook
            randomness.pin_libraries()
        version = package.train.train()
        folder = package.registry.open_registry().path(version)
        return package.bundle.Bundle.open(folder), str(folder)
    except Exception as raised:  # noqa: BLE001  what the package raises is a result
        message = f"`train` fails: {error(raised)}"
        advice = "run the project's train command to see it"
        if isinstance(raised, ImportError):
            advice = "install the project's requirements.lock into the environment of the notebook"
        folder, plan = Path(request["source"], request["package"]), request["plan"]
        where = place_of(raised, folder, plan) or sink_of(plan)
        channel.send("finding", **finding("E-TRAIN", message, advice, **where))
        return None, ""


def _hand_over(case: Case, folder: str, request: dict[str, Any], channel: Channel) -> None:
    """Write what the process that reloads the version needs: rows, features, predictions."""
    known = case.known
    places = known[chosen(case.raw, case.positions[known])][:FRESH_ROWS] if len(known) else known
    if case.plan.get("sink", {}).get("request"):
        places = known[:MOST_REQUESTS]  # each one is a request of its own kind
    predictions = expected_predictions(case)
    document = {
        "package": request["package"],
        "source": request["source"],
        "bundle": folder,
        "labels": [str(case.raw.index[case.positions[place]]) for place in places],
        "rows": records(case.raw.iloc[case.positions[places]]),
        "records": request["records"],
        "features": storage.save(_alone(case, places), request["records"], "fresh_features"),
        "predictions": (
            storage.save(predictions.take(places), request["records"], "fresh_predictions")
            if predictions is not None and predictions.rows == case.notebook.X.rows
            else None
        ),
        "model": case.notebook.model,
        "X": case.stored,
        "fit_equal": _fit_equal(case),
        "sites": case.plan.get("sites", []),
        "sink": sink_of(case.plan),
    }
    sharing.write(Path(request["scratch"]) / FRESH, document)
    channel.send("trained")


def _fit_equal(case: Case) -> bool:
    """Say whether the package hands the notebook's features to ``fit``."""
    X, found = case.notebook.X, tables.table(case.training.X)
    if case.stored is None or found is None or (found.rows, found.width) != (X.rows, X.width):
        return False
    return not comparison.differences(X, found).any()


def _alone(case: Case, places: Array) -> tables.Table:
    """Return what this process computes for single rows, or the notebook's rows where it fails."""
    try:
        parts = [case.alone(position) for position in case.positions[places].tolist()]
        return tables.stacked(parts) if parts else case.notebook.X.take(places)
    except Exception:  # noqa: BLE001  the check of single rows reports it
        return case.notebook.X.take(places)


def _other_versions(run: dict[str, Any]) -> str:
    """Return the libraries that differ between the notebook's process and this one, for people."""
    ours = versions.libraries()
    return ", ".join(
        f"{name} {ours[name]} instead of {version}"
        for name, version in run["versions"].items()
        if ours.get(name, version) != version
    )


def facts(case: Case) -> dict[str, Any]:
    """Return what the certificate shows besides the checks."""
    X = case.notebook.X
    columns = getattr(case.schema, "columns", ())
    return {
        "raw_rows": len(case.raw),
        "raw_columns": [
            {
                "name": str(column.name),
                "dtype": str(column.dtype),
                "required": bool(column.required),
                "minimum": getattr(column, "minimum", None),
                "maximum": getattr(column, "maximum", None),
                "categories": [str(c) for c in (getattr(column, "categories", None) or ())][:20],
            }
            for column in columns
        ],
        "features": [X.name(i) for i in range(min(X.width, 400))],
        "width": X.width,
        "rows": X.rows,
        "lineage": case.lineage,
        "package_python": versions.python(),
        "package_versions": versions.libraries(),
        "learned": {name: _short(value) for name, value in sorted(vars(case.state).items())},
        "samples": _samples(case),
    }


def _samples(case: Case) -> dict[str, Any]:
    """Return a few raw rows with the notebook's features and predictions, for the project's own tests."""
    X = case.notebook.X
    if len(case.known) == 0 or X.width > MOST_FEATURES:
        return {}
    places = telling(case, 1)[:SAMPLE_ROWS]
    predictions = None if is_neural(case) else case.notebook.predictions
    if predictions is not None and predictions.rows != X.rows:
        predictions = None
    others = case.notebook.others[
        :MOST_OTHERS
    ]  # somebody new: what is learned for them shows there
    answers = [[_plain(other["answer"])] for other in others]
    return {
        "records": [
            *records(case.raw.iloc[case.positions[places]]),
            *(other["request"] for other in others),
        ],
        "features": [*_listed(X.take(places)), *answers],
        "predictions": (
            None if predictions is None else [*_listed(predictions.take(places)), *answers]
        ),
    }


def _listed(table: tables.Table) -> list[list[Any]]:
    """Return a table as lists of JSON values; missing values become null."""
    return [
        [_plain(table.cell(row, column)) for column in range(table.width)]
        for row in range(table.rows)
    ]


def _short(value: Any) -> str:
    """Return a learned value, or its kind and size, in a few words."""
    if isinstance(value, pd.CategoricalDtype):
        value = list(value.categories)
    if isinstance(value, (pd.DataFrame, pd.Series, np.ndarray)):
        return f"{type(value).__name__} of {' x '.join(map(str, value.shape))}"
    if isinstance(value, (list, tuple, set, dict, pd.Index)) and len(value) > 6:
        return f"{type(value).__name__} of {len(value)}"
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return " ".join(text.split())[:80]
