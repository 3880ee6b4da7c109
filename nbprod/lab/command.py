"""The command line of a run: the one place where a request becomes arguments."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

Action = Literal["convert", "verify", "check", "tag"]
ACTIONS: tuple[Action, ...] = get_args(Action)
# These write into the project, so only one of them at a time may work on a notebook.
WRITERS: frozenset[Action] = frozenset({"convert", "verify"})

# What somebody must be allowed to do on a server, and with what, to run an action.
RIGHTS: dict[Action, tuple[str, str]] = {
    "convert": ("write", "contents"),
    "verify": ("execute", "kernels"),
    "check": ("read", "contents"),
    "tag": ("read", "contents"),
}


def arguments(action: Action, notebook: Path, *, python: str = "") -> list[str]:
    """Return the arguments of a process that works in the notebook's folder.

    Args:
        action: one of ``ACTIONS``.
        notebook: the file; its name alone is passed, with ``./`` before it so that it is never an option.
        python: for ``verify``, the interpreter of the notebook's environment.
    """
    # -P keeps the notebook's folder, where a json.py may lie, off the import path.
    start = [sys.executable, "-P", "-m", "nbprod.lab.interruptible"]
    command = [*start, action, "--json", f".{os.sep}{notebook.name}"]
    if action == "verify" and python:
        command.append(f"--python={python}")
    return command


def environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the process: those of the server, its output plain UTF-8 text."""
    kept = {name: value for name, value in inherited.items() if name != "FORCE_COLOR"}
    return {**kept, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}


__all__ = ["ACTIONS", "RIGHTS", "WRITERS", "Action", "arguments", "environment"]
