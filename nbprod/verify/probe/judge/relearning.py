"""Whether the package learns the same in another process: other hashes of text, another folder, another date.

What differs there is an input that nobody gave: the order of a set, the clock. Training tomorrow would give another
model from the same rows.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import pandas as pd

from .. import comparison, randomness, storage, tables
from .case import Package
from .clock import shifted
from .wording import difference, finding

SLOW = 10.0  # seconds of one fit, beyond which it is not repeated at another date
ADVICE = {
    "E-RANDOM": "sort what comes from a set or a folder, and take no value from hash() or id()",
    "W-CLOCK": "take the reference time from the data or from a constant",
}


def relearned(request: dict[str, Any], learned: Any) -> dict[str, Any] | None:
    """Return a finding when the features of the training rows are others here, else None.

    ``learned`` is the state that the trained version holds: its first value that differs names the statement.
    """
    if not request["fit_equal"]:
        return None  # another check tells that they differ already
    import sklearn.utils  # noqa: F401  so that its generator can be pinned

    package = Package(request["package"])
    expected = storage.load(request["X"], request["records"])
    sources = package.data.load()
    changes: tuple[tuple[str, str, Callable[[], AbstractContextManager[None]]], ...] = (
        ("in another process", "E-RANDOM", nullcontext),
        ("on another date", "W-CLOCK", lambda: shifted(package.name)),
    )
    for what, code, change in changes:
        start = time.monotonic()
        with change():
            randomness.pin()
            state, training = package.features.fit(sources)
        found = tables.table(training.X)
        text = _difference(expected, found)
        if text:
            place = _place(request["sites"], learned, state)
            return finding(code, f"learned {what}, {text}", ADVICE[code], **place)
        if time.monotonic() - start > SLOW:
            break
    return None


def _difference(expected: tables.Table, found: tables.Table | None) -> str:
    if found is None or (found.rows, found.width) != (expected.rows, expected.width):
        return "the features of training have another shape"
    if expected.kind == "frame" and found.names != expected.names:
        return "the features of training have other columns"
    differs = comparison.differences(expected, found)
    rows = [f"row {i}" for i in range(expected.rows)]
    return difference(expected, found, differs, rows) if differs.any() else ""


def _place(sites: list[dict[str, Any]], before: Any, after: Any) -> dict[str, Any]:
    """Return where the first learned value that differs is learned."""
    for site in sites:
        field = site.get("field", "")
        if not _same(getattr(before, field, None), getattr(after, field, None)):
            return {"cell": site["cell"], "line": site["line"], "source": site["expression"]}
    return {}


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, (pd.DataFrame, pd.Series, pd.Index)):
        return type(left) is type(right) and bool(left.equals(right))
    if isinstance(left, np.ndarray):
        return isinstance(right, np.ndarray) and left.tolist() == right.tolist()
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    if hasattr(left, "get_params"):  # estimators that learned the same are no equal objects
        return True
    return bool(left == right or (left != left and right != right))


__all__ = ["relearned"]
