"""Swap two folders in one step of the operating system."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_SWAP = 2  # macOS sys/stdio.h


def exchange(one: Path, other: Path) -> None:
    """Swap two paths of one file system atomically.

    Raises:
        OSError: the system or the file system cannot do it; nothing has changed then.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        failed = libc.renamex_np(first, second, _RENAME_SWAP)
    elif hasattr(libc, "renameat2"):
        failed = libc.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _RENAME_EXCHANGE)
    else:
        raise OSError("no atomic exchange of folders on this system")
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(other))


__all__ = ["exchange"]
