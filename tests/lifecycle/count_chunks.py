"""Fit the package ``pk`` by chunks and print how many chunks were in memory at once.

Run as ``python count_chunks.py FILE SIZE``.
"""

from __future__ import annotations

import sys
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from pk.training.chunked_fit import fit_chunks
from pk.training.chunks import Chunks


def most_at_once(path: Path, size: int) -> tuple[int, int]:
    """The number of chunks, and how many tables of rows were alive at most."""
    alive: list[weakref.ref[pd.DataFrame]] = []
    most = 0
    read = Chunks.frames

    def counted(chunks: Chunks) -> Iterator[pd.DataFrame]:
        nonlocal most
        for frame in read(chunks):
            alive.append(weakref.ref(frame))
            most = max(most, sum(ref() is not None for ref in alive))
            yield frame

    with tempfile.TemporaryDirectory() as folder:
        chunks = Chunks.read(path, size, Path(folder))
        Chunks.frames = counted
        fit_chunks(chunks)
    return len(chunks), most


if __name__ == "__main__":
    print(*most_at_once(Path(sys.argv[1]), int(sys.argv[2])))
