"""Put an update on disk, whole or not at all.

The project is built beside its target, out of hard links for everything that stays, then the two folders
are swapped in one step: a process killed at any point leaves the old project or the new one. Where the
system cannot swap (a mount point, a shell that stands inside the project), files are replaced one by one.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from nbprod.findings import NotebookError
from nbprod.write.exchange import exchange
from nbprod.write.values import Update

_INFIX = ".nbprod-"


def create(target: Path, files: Mapping[str, str]) -> None:
    """Write a new project; ``target`` is absent or an empty folder."""
    with _staging(target) as stage:
        stage.mkdir()
        for path, text in files.items():
            _write(stage / path, text)
        _sync(stage, files)
        stage.rename(target)
        _sync_folder(target.parent)


def apply(target: Path, update: Update) -> None:
    """Bring an existing project to its new state."""
    if _stands_in(target) or target.is_mount():
        _in_place(target, update)
        return
    with _staging(target) as stage:
        try:
            shutil.copytree(target, stage, symlinks=True, copy_function=_link)
            _change(stage, update)
            _sync(stage, update.files)
            exchange(stage, target)
        except (OSError, shutil.Error) as error:
            if getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT}:
                raise
            _in_place(target, update)
            return
        _sync_folder(target.parent)
        _sweep(stage, target, {*update.files, *update.deleted})


def clear(target: Path) -> None:
    """Remove what killed runs left beside a target; only for the holder of the lock."""
    for left in target.parent.glob(f".{glob.escape(target.name)}{_INFIX}*"):
        shutil.rmtree(left, ignore_errors=True)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other conversions out of a folder meanwhile; the system drops the lock with the process."""
    try:
        import fcntl
    except ImportError:  # no such lock on Windows
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """Yield a free path beside the target and remove what is there afterwards."""
    stage = target.parent / f".{target.name}{_INFIX}{os.getpid()}"
    try:
        yield stage
    except PermissionError as error:
        raise NotebookError(
            f"{error.filename or target}: cannot be written; choose another folder with -o"
        ) from None
    finally:
        if stage.exists():
            shutil.rmtree(stage, ignore_errors=True)


def _link(source: str, destination: str) -> None:
    os.link(source, destination, follow_symlinks=False)


def _change(root: Path, update: Update) -> None:
    for path in update.deleted:
        (root / path).unlink(missing_ok=True)
        _remove_empty(root, (root / path).parent)
    for path, text in update.files.items():
        _write(root / path, text)


def _in_place(target: Path, update: Update) -> None:
    """Replace files one by one; put the old ones back when one of them fails."""
    saved: dict[Path, bytes | None] = {}
    try:
        for path in (*update.files, *update.deleted):
            place = target / path
            saved[place] = place.read_bytes() if place.exists() else None
        _change(target, update)
        _sync(target, update.files)
    except OSError:
        for place, content in saved.items():
            with contextlib.suppress(OSError):
                if content is None:
                    place.unlink(missing_ok=True)
                else:
                    place.write_bytes(content)
        raise


def _write(place: Path, text: str) -> None:
    """Write a text beside its place and move it there: a hard link of the old file stays intact."""
    place.parent.mkdir(parents=True, exist_ok=True)
    mode = place.stat().st_mode & 0o777 if place.exists() else None
    temporary = place.with_name(f".{place.name}{_INFIX}{os.getpid()}")
    try:
        temporary.write_text(text, "utf-8", newline="")
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)


def _sync(root: Path, files: Mapping[str, str]) -> None:
    """Make the system write the files to the disk before the project becomes visible."""
    for path in files:
        descriptor = os.open(root / path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    for folder in {(root / path).parent for path in files}:
        _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some file systems cannot
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _stands_in(target: Path) -> bool:
    """Whether this process, and so probably the shell that started it, works inside the project."""
    with contextlib.suppress(OSError):
        return Path.cwd().is_relative_to(target.resolve())
    return False


def _sweep(old: Path, target: Path, written: set[str]) -> None:
    """Move over what others (a running service, say) created in the old folder during the swap."""
    for folder, _, names in os.walk(old):
        for name in names:
            left = Path(folder, name)
            path = left.relative_to(old)
            place = target / path
            if path.as_posix() in written:
                continue
            if not place.exists() or (not left.is_symlink() and not left.samefile(place)):
                place.parent.mkdir(parents=True, exist_ok=True)
                os.replace(left, place)  # noqa: PTH105 - the same call for files and links


def _remove_empty(root: Path, folder: Path) -> None:
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


__all__ = ["apply", "clear", "create", "locked"]
