"""How to run interpreters for one verification."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nbprod.findings import NotebookError
from nbprod.verify.supervise import Child, Limits, default_python


@dataclass(frozen=True)
class Run:
    """Interpreter, limits, where to tell about progress, and the mark of every process."""

    python: str
    limits: Limits
    progress: Callable[[str], None]
    token: str

    def child(self, module: str, request: Path, environment: dict[str, str]) -> Child:
        """Start a module of the probe."""
        return Child(self.python, module, request, environment, self.token)


def interpreter(python: str | None, kernel: str | None) -> str:
    """Return the interpreter to use, that of a Jupyter kernel where one is named.

    Raises:
        NotebookError: there is no such kernel or interpreter.
    """
    if kernel is None:
        return _existing(python) if python else default_python()
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ModuleNotFoundError:
        raise NotebookError(
            "--kernel needs jupyter_client; install nbprod[verify] or use --python"
        ) from None
    try:
        return str(KernelSpecManager().get_kernel_spec(kernel).argv[0])
    except NoSuchKernel:
        names = ", ".join(KernelSpecManager().find_kernel_specs()) or "none"
        raise NotebookError(f"no kernel {kernel!r}; installed are: {names}") from None


def _existing(python: str) -> str:
    from shutil import which

    found = which(python)
    if found is None:
        raise NotebookError(f"no interpreter {python!r}; give the path of one to --python")
    return found
