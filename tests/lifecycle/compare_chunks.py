"""Fit the package ``pk`` in memory and by chunks, and print what differs.

Run as ``python compare_chunks.py FILE SIZE``; ``.`` stands for the notebook's own file.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import joblib
from pk import config, features
from pk.data import load
from pk.training.chunked_fit import fit_chunks
from pk.training.chunks import Chunks
from pk.training.sensitivity import dense, same


def differing(path: Path, size: int) -> list[str]:
    """Names of learned values and training tables that are not equal to the last bit."""
    sources = load(path)
    raw = sources[0].copy()
    state, expected = features.fit(sources)
    with tempfile.TemporaryDirectory() as folder:
        learned, found = fit_chunks(Chunks.read(path, size, Path(folder)))
    names = [
        name for name, value in vars(state).items()
        if joblib.hash(value) != joblib.hash(vars(learned)[name])
    ]  # fmt: skip
    for name in ("X", "y", "rows", "holdout"):
        left, right = getattr(found, name), getattr(expected, name)
        if (left is None) != (right is None) or (
            left is not None and not same(dense(left), dense(right))
        ):
            names.append(name)
    prepared = [features.transform(raw.copy(), s) for s in (state, learned)]
    return names if same(*map(dense, prepared)) else [*names, "transform"]


if __name__ == "__main__":
    chosen = Path(sys.argv[1])
    own = next(v for k, v in vars(config).items() if k.endswith("_PATH"))
    print(differing(Path(own) if chosen == Path() else chosen, int(sys.argv[2])) or "equal")
