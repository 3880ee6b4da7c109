"""A private folder with a copy of the notebook's folder, removed whatever happens."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nbprod.findings import NotebookError
from nbprod.verify.supervise import Guard

MOST_BYTES = 4 * 2**30
SKIPPED = frozenset(
    ".git .hg __pycache__ .ipynb_checkpoints node_modules .venv venv .tox .mypy_cache .pytest_cache "
    ".ruff_cache mlruns wandb".split()
)


@dataclass(frozen=True)
class Workspace:
    """``folder`` is where the notebook runs, ``records`` where its tables go."""

    root: Path
    folder: Path
    records: Path
    original: Path
    left_out: tuple[str, ...]

    def restore(self) -> None:
        """Bring the files back that the notebook changed or deleted; what it wrote anew stays."""
        for source in _files(self.original, self.root, []):
            copy = self.folder / source.relative_to(self.original)
            before = source.stat()
            if not copy.is_file() or (
                (now := copy.stat()).st_size != before.st_size
                or now.st_mtime_ns != before.st_mtime_ns
            ):
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, copy)


@contextmanager
def workspace(notebook: Path, project: Path, paths: Sequence[str], run: str) -> Iterator[Workspace]:
    """Copy the notebook's folder, and the data that it reads above it, into a private place.

    The place is removed at the end; a guard removes it, and the processes of ``run``, when this process
    is killed.

    Raises:
        NotebookError: the folder is too large to be copied.
    """
    original = notebook.resolve().parent
    root = Path(tempfile.mkdtemp(prefix="nbprod-"))  # mode 0700
    guard = Guard(run, root)
    try:
        above = max((_climbs(path) for path in paths), default=0)
        parts = original.parts[-above:] if above else ()
        folder = root.joinpath("tree", *parts) if parts else root / "tree"
        folder.mkdir(parents=True)
        records = root / "records"
        records.mkdir()
        left_out: list[str] = []
        _copy(original, folder, project.resolve(), left_out)
        for path in paths:
            source = original / path
            target = folder / path
            if _climbs(path) and source.is_file():
                Path(os.path.normpath(target)).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, os.path.normpath(target))
        yield Workspace(root, folder, records, original, tuple(left_out))
    finally:
        remove(root)
        guard.release()


def remove(root: Path) -> None:
    """Remove a workspace, also where the notebook took write permission away."""
    shutil.rmtree(root, ignore_errors=True)
    if root.exists():
        for place, _, _ in os.walk(root):
            Path(place).chmod(0o700)
        shutil.rmtree(root, ignore_errors=True)


def _climbs(path: str) -> int:
    parts = PurePosixPath(path.replace("\\", "/")).parts
    if "://" in path or PurePosixPath(path).is_absolute():
        return 0
    depth = lowest = 0
    for part in parts:
        depth += -1 if part == ".." else 1
        lowest = min(lowest, depth)
    return -lowest


def _copy(original: Path, folder: Path, project: Path, left_out: list[str]) -> None:
    total = 0
    for source in _files(original, project, left_out):
        total += source.stat().st_size
        if total > MOST_BYTES:
            raise NotebookError(
                f"{original}: the folder holds more than {MOST_BYTES >> 30} GiB, too much to copy; "
                "move the notebook into a folder with only its data"
            )
        target = folder / source.relative_to(original)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def _files(original: Path, project: Path, left_out: list[str]) -> Iterator[Path]:
    for place, folders, names in os.walk(original):
        here = Path(place)
        folders[:] = sorted(
            f
            for f in folders
            if f not in SKIPPED
            and here / f != project
            and not (here / f / ".nbprod").is_dir()
            and not (here / f / "pyvenv.cfg").is_file()
        )
        for name in sorted([*names, *[f for f in folders if (here / f).is_symlink()]]):
            path = here / name
            if path.is_symlink() and not _inside(path, original):
                left_out.append(str(path.relative_to(original)))
            elif path.is_file():
                yield path


def _inside(path: Path, original: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(original)
    except (OSError, RuntimeError):
        return False
