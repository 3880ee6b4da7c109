"""The Python of the notebook's environment, named by its path or by a Jupyter kernel."""

from __future__ import annotations

import difflib
import shutil
import sys
from pathlib import Path
from typing import Any

from nbprod.findings import NotebookError

OLDEST = (3, 11)  # the generated package runs on this Python and newer ones
LAUNCHERS = (["ipykernel_launcher"], ["ipykernel"])  # modules that run a kernel in its own Python


def interpreter(python: str | None, kernel: str | None) -> str | None:
    """Return the interpreter that was asked for, None when none was.

    Raises:
        NotebookError: there is no such kernel or interpreter.
    """
    if kernel is not None:
        return _installed_kernel(kernel)
    return _existing(python) if python else None


def of_kernel(manager: Any, kernel: str) -> str:
    """Return the Python that a kernel runs in.

    Args:
        manager: a ``KernelSpecManager``.
        kernel: the name of a kernel that it knows.

    Returns:
        A path; empty when something else than ``python -m ipykernel`` starts the kernel, so that its
        first word says nothing about the environment.
    """
    from jupyter_client import KernelManager

    command = KernelManager(kernel_name=kernel, kernel_spec_manager=manager).format_kernel_cmd()
    module = command[command.index("-m") + 1 :][:1] if "-m" in command else []
    named = Path(command[0]).name.startswith(("python", "pypy"))
    return str(command[0]) if named and module in LAUNCHERS else ""


def too_old(version: str) -> bool:
    """Say whether a Python of this version, such as ``3.6.15``, cannot run the generated package."""
    return tuple(int(part) for part in version.split(".")[:2]) < OLDEST


def _installed_kernel(kernel: str) -> str:
    try:
        from jupyter_client.kernelspec import KernelSpecManager
    except ModuleNotFoundError:
        raise NotebookError(
            "--kernel needs jupyter_client; install nbprod[verify] or use --python"
        ) from None
    manager = KernelSpecManager()
    known = manager.find_kernel_specs()
    if kernel not in known:
        close = difflib.get_close_matches(kernel, known, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        listed = ", ".join(sorted(known)) or "none"
        raise NotebookError(f"no kernel {kernel!r}; installed are: {listed}{hint}")
    found = of_kernel(manager, kernel)
    if not found:
        raise NotebookError(
            f"kernel {kernel!r} does not tell its interpreter ({known[kernel]}/kernel.json); "
            "name it with --python"
        )
    if shutil.which(found) is None:
        raise NotebookError(
            f"kernel {kernel!r} starts {found}, which is not there; install the kernel again "
            "or name an interpreter with --python"
        )
    return found


def _existing(python: str) -> str:
    found = shutil.which(python)
    if found is None:
        raise NotebookError(f"no interpreter {python!r}; give the path of one to --python")
    return str(Path(found).absolute())  # a link is kept: it tells the environment


def this_python() -> str:
    """Return the interpreter that runs nbprod."""
    return sys.executable


__all__ = ["LAUNCHERS", "OLDEST", "interpreter", "of_kernel", "this_python", "too_old"]
