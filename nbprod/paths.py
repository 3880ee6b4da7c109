"""From what a person names on the command line to notebooks: files, folders and patterns."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from nbprod.findings import NotebookError


def expand(paths: Sequence[Path]) -> list[Path]:
    """Return the notebooks that paths stand for, each once, in the order named.

    A file stands for itself, whatever it is; a folder for every ``.ipynb`` below it, without hidden folders
    (checkpoints, environments); a pattern that the shell left alone (``"src/**/*.ipynb"``) for what it matches.

    Raises:
        NotebookError: a folder or a pattern without any notebook.
    """
    found: dict[Path, None] = {}
    for path in paths:
        for notebook in _notebooks(path):
            found.setdefault(notebook)
    return list(found)


def _notebooks(path: Path) -> list[Path]:
    # Path.is_dir raises for a name that is too long
    if os.path.isdir(path):  # noqa: PTH112
        below = sorted(_below(path))
        if not below:
            raise NotebookError(f"{path}: has no notebook; give a folder with .ipynb files")
        return below
    if os.path.lexists(path) or not glob.has_magic(str(path)):
        return [path]
    # Path.glob refuses absolute patterns
    matches = (Path(name) for name in glob.glob(str(path), recursive=True))  # noqa: PTH207
    matching = sorted(match for match in matches if match.suffix in {".ipynb", ".py"})
    if not matching:
        raise NotebookError(f"{path}: matches no notebook; check the pattern")
    return matching


def _below(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if name.endswith(".ipynb") and not name.startswith("."):
                yield Path(parent, name)


__all__ = ["expand"]
