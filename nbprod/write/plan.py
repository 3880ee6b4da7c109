"""Decide, file by file, what a new conversion does to a project that people have edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbprod.findings import NotebookError
from nbprod.write.text_merge import merge, unresolved
from nbprod.write.values import Change, Status, Update

# nbprod's own records: they describe the latest conversion, so they are replaced and never merged.
OWN_FOLDER = ".nbprod/"
CERTIFICATE = "verdict.json"


@dataclass(frozen=True)
class Versions:
    """One file in the last conversion, on disk and in the new conversion; None where it is absent."""

    base: str | None
    disk: str | None
    new: str | None


def plan(
    base: Mapping[str, str],
    disk: Mapping[str, str],
    new: Mapping[str, str],
    *,
    renamed: Mapping[str, str] | None = None,
    force: bool = False,
) -> Update:
    """Compare three trees of path -> text and return the update of the one on disk.

    ``renamed`` maps a generated path to the place where a person moved the file. With ``force`` the new
    text replaces every generated file, hand edits included.

    Raises:
        NotebookError: a file still has conflict markers of an earlier conversion.
    """
    moves = renamed or {}
    changes: list[Change] = []
    files: dict[str, str] = {}
    deleted: list[str] = []
    for path in sorted(base.keys() | new.keys()):
        place = moves.get(path, path)
        versions = Versions(base.get(path), disk.get(place), new.get(path))
        change, text = _own(path, versions) if _is_own(path) else _decide(place, versions, force)
        if text is not None and text != versions.disk:
            files[place] = text
        if change.status == "removed":
            deleted.append(place)
        changes.append(change)
    return _certificate(Update(tuple(changes), files, tuple(deleted)), base, disk, new)


def _is_own(path: str) -> bool:
    return path.startswith(OWN_FOLDER)


def _own(path: str, versions: Versions) -> tuple[Change, str | None]:
    if versions.new is None:
        return Change(path, "removed" if versions.disk is not None else "unchanged"), None
    status: Status = "added" if versions.disk is None else "updated"
    return Change(path, "unchanged" if versions.disk == versions.new else status), versions.new


def _decide(path: str, versions: Versions, force: bool) -> tuple[Change, str | None]:
    base, disk, new = versions.base, versions.disk, versions.new
    if new is None:
        return _no_longer_generated(path, base, disk), None
    if disk is None:
        if base is None or force:
            return Change(path, "added"), new
        return Change(path, "respected", "you deleted it; it stays deleted"), None
    if disk == new:
        return Change(path, "unchanged"), None
    if force or disk == base:
        return Change(path, "updated"), new
    if base is None:
        detail = "the new conversion wants to write here, but this file is yours; move or merge it"
        return Change(path, "conflict", detail), None
    _require_resolved(path, disk)
    if new == base:
        return Change(path, "kept", "your edit stays"), None
    return _merge(path, base, disk, new)


def _require_resolved(path: str, disk: str) -> None:
    line = unresolved(disk)
    if line is not None:
        raise NotebookError(
            f"{path}:{line}: has unresolved conflict markers; resolve them, then convert again"
        )


def _no_longer_generated(path: str, base: str | None, disk: str | None) -> Change:
    if disk is None:
        return Change(path, "unchanged")
    if disk == base:
        return Change(path, "removed", "the notebook no longer needs it")
    return Change(path, "released", "the notebook no longer needs it; you edited it, so it stays")


def _merge(path: str, base: str, disk: str, new: str) -> tuple[Change, str | None]:
    crlf = "\r\n" in disk and "\r\n" not in base
    merged = merge(base, disk.replace("\r\n", "\n") if crlf else disk, new)
    text = merged.text.replace("\n", "\r\n") if crlf else merged.text
    if merged.conflicts:
        places = "place" if merged.conflicts == 1 else "places"
        detail = f"you and the notebook changed the same lines in {merged.conflicts} {places}"
        return Change(path, "conflict", detail), text
    status: Status = "kept" if text == disk else "merged"
    return Change(path, status, "your edit stays"), text


def _certificate(
    update: Update, base: Mapping[str, str], disk: Mapping[str, str], new: Mapping[str, str]
) -> Update:
    """Keep the certificate of ``verify`` while nothing that it certifies changes, else replace it."""
    if CERTIFICATE not in new or CERTIFICATE not in disk:
        return update
    others = {path for path in {*update.files, *update.deleted} if path != CERTIFICATE}
    stays = not any(not _is_own(path) for path in others) and base.get(CERTIFICATE) is not None
    files = {path: text for path, text in update.files.items() if path != CERTIFICATE}
    status: Status = "kept" if stays else "updated"
    if not stays:
        files[CERTIFICATE] = new[CERTIFICATE]
    if disk[CERTIFICATE] == new[CERTIFICATE]:
        status = "unchanged"
        files.pop(CERTIFICATE, None)
    changes = tuple(
        Change(CERTIFICATE, status) if change.path == CERTIFICATE else change
        for change in update.changes
    )
    return Update(changes, files, update.deleted)


__all__ = ["plan"]
