"""Where a path of the contents API is on disk, never outside the server's root."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import Any


class NoFile(Exception):
    """The browser asked for something that is no file nbprod may read; ``status`` is that of HTTP."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def locate(contents_manager: Any, path: str) -> Path:
    """Return the file of a notebook.

    Args:
        contents_manager: of the server; it decides what is inside its root and what is hidden.
        path: as the browser knows it, with ``/`` and relative to the server's root.

    Raises:
        NoFile: 404 missing, 400 for a folder, 501 when the server's files are not on a disk.
        HTTPError: what the contents manager says to a path outside its root or to a hidden one.
    """
    from jupyter_core.utils import ensure_async
    from jupyter_server.utils import ApiPath, to_os_path

    root = getattr(contents_manager, "root_dir", "")
    if "\0" in path:
        raise NoFile(404, "no such notebook on the server")
    if not await ensure_async(contents_manager.file_exists(path)):
        if await ensure_async(contents_manager.dir_exists(path)):
            raise NoFile(400, f"{path or 'that'}: is a folder; choose a notebook")
        raise NoFile(404, f"{path}: no such notebook on the server; save it and try again")
    await ensure_async(contents_manager.get(path, content=False))
    found = Path(to_os_path(ApiPath(path), root)).absolute()
    if not root or not found.is_file():
        raise NoFile(501, "nbprod needs a server whose notebooks are files on its disk")
    return found


def served_path(contents_manager: Any, place: Path) -> str | None:
    """Return the contents path of a file or folder, None when the server would not open it."""
    relative = os.path.relpath(place, contents_manager.root_dir)
    parts = PurePath(relative).parts
    if ".." in parts or PurePath(relative).is_absolute():
        return None
    hidden = any(part.startswith(".") for part in parts)
    return None if hidden and not contents_manager.allow_hidden else "/".join(parts)


__all__ = ["NoFile", "locate", "served_path"]
