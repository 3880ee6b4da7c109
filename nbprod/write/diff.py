"""Show an update as a unified diff, as git would."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from nbprod.write.values import Update


def unified(update: Update, target: Path, *, own: bool = False) -> Iterator[str]:
    """Yield the lines of a unified diff between the project on disk and its next state.

    nbprod's own records under ``.nbprod/`` are left out unless ``own`` is true.
    """
    paths = {*update.files, *update.deleted}
    for path in sorted(paths):
        if path.startswith(".nbprod/") and not own:
            continue
        before = _lines(target / path)
        after = update.files.get(path, "").splitlines(keepends=True)
        old = f"a/{path}" if before else "/dev/null"
        new = f"b/{path}" if path in update.files else "/dev/null"
        for line in difflib.unified_diff(before, after, old, new):
            if line.endswith("\n"):
                yield line[:-1]
            else:
                yield line
                yield "\\ No newline at end of file"


def _lines(path: Path) -> list[str]:
    try:
        return path.read_bytes().decode("utf-8").splitlines(keepends=True)
    except (FileNotFoundError, NotADirectoryError):
        return []


__all__ = ["unified"]
