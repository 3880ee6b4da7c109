"""Keep the processes that a notebook leaves behind findable until they are ended."""

from __future__ import annotations

import ctypes
import sys
import time

SET_CHILD_SUBREAPER = 36  # prctl(2); Linux
PATIENCE = 10.0  # seconds


def adopt() -> None:
    """Become the parent of orphaned descendants, whatever session or environment they gave themselves."""
    if sys.platform.startswith("linux"):
        try:
            ctypes.CDLL(None, use_errno=True).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        except (OSError, AttributeError):
            return  # the mark in the environment finds most of them


def stay() -> None:
    """Wait to be ended: the one who reads the last message ends this process with its descendants."""
    time.sleep(PATIENCE)
