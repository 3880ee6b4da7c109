"""The writing stage on one screen: look at the folder, plan, commit."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from nbprod.findings import NotebookError
from nbprod.write import base_text, commit
from nbprod.write.plan import plan
from nbprod.write.renames import renamed
from nbprod.write.text_merge import unresolved
from nbprod.write.values import Change, Update, Written


def write(tree: Mapping[str, str], target: Path, *, force: bool = False) -> Written:
    """Write a tree of path -> text to ``target``, merging three ways when nbprod wrote it before.

    Args:
        tree: every file of the generated project, paths relative with ``/``.
        target: the project's folder; absent, empty, or written by nbprod.
        force: also write into a folder that nbprod did not write, and replace hand edits.

    Raises:
        NotebookError: the folder belongs to somebody else, cannot be written, or has conflict markers.
    """
    target = target.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with commit.locked(target.parent):
            commit.clear(target)
            update, created = _plan(tree, target, force=force)
            if created:
                commit.create(target, update.files)
            elif not update.is_empty:
                commit.apply(target, update)
    except OSError as error:
        reason = (error.strerror or "failed").lower()
        raise NotebookError(
            f"{error.filename or target}: cannot be written ({reason}); choose another folder with -o"
        ) from None
    return Written(target, update, created)


def preview(tree: Mapping[str, str], target: Path, *, force: bool = False) -> Update:
    """Return what ``write`` would do, without doing it.

    Raises:
        NotebookError: as ``write``.
    """
    return _plan(tree, target.resolve(), force=force)[0]


def conflicts(project: Path) -> Iterator[tuple[str, int]]:
    """Yield path and line of the first conflict marker left in each generated file of a project."""
    for path in base_text.load(project) or {}:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            line = unresolved((project / path).read_text("utf-8"))
            if line is not None:
                yield path, line


def _plan(tree: Mapping[str, str], target: Path, *, force: bool) -> tuple[Update, bool]:
    for path in tree:
        _require_inside(path)
    new = base_text.with_base(tree)
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return Update(tuple(Change(path, "added") for path in sorted(new)), new), True
    if not target.is_dir():
        raise NotebookError(f"{target}: is a file; choose another folder with -o")
    base = _base(target, force=force)
    known = frozenset(base) | frozenset(new)
    moves = {} if force else renamed(target, base, known)
    _require_no_links(target, known)
    disk = _read(target, {*known, *moves.values()})
    return plan(base, disk, new, renamed=moves, force=force), False


def _base(target: Path, *, force: bool) -> dict[str, str]:
    try:
        base = base_text.load(target)
    except NotebookError:
        if not force:
            raise
        base = {}
    if base is None and not force:
        raise NotebookError(
            f"{target}: exists and was not written by nbprod; choose another folder with -o, "
            f"another name with --name, or write into it with --force"
        )
    base = base or {}
    for path in base:
        _require_inside(path)
    return base


def _require_inside(path: str) -> None:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path or "\0" in path:
        raise NotebookError(f"{path!r}: a generated file must lie inside the project")


def _require_no_links(target: Path, paths: Iterable[str]) -> None:
    """Refuse to write through a link: it may lead out of the project."""
    for path in paths:
        place = target / path
        for parent in (place, *place.parents):
            if parent == target:
                break
            if parent.is_symlink():
                raise NotebookError(
                    f"{parent}: is a link, and nbprod does not write through links; "
                    f"replace it by a real file or folder"
                )


def _read(target: Path, paths: Iterable[str]) -> dict[str, str]:
    """Return the text of the files that exist; line ends as they are."""
    texts: dict[str, str] = {}
    for path in paths:
        try:
            texts[path] = (target / path).read_bytes().decode("utf-8")
        except (FileNotFoundError, NotADirectoryError):
            continue
        except UnicodeDecodeError:
            raise NotebookError(f"{target / path}: is no UTF-8 text any more; restore it") from None
    return texts


__all__ = ["conflicts", "preview", "write"]
