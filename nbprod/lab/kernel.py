"""The interpreter behind a Jupyter kernel."""

from __future__ import annotations

from typing import Any


def interpreter(kernel_spec_manager: Any, kernel: str) -> str:
    """Return the Python that a kernel runs in.

    Args:
        kernel_spec_manager: of the server.
        kernel: the name that a notebook stores.

    Returns:
        A path; empty when the server has no such kernel or when something else than ``python -m ipykernel``
        starts it, so that its first word says nothing about the environment.
    """
    from jupyter_client import KernelManager

    if kernel not in kernel_spec_manager.find_kernel_specs():
        return ""
    manager = KernelManager(kernel_name=kernel, kernel_spec_manager=kernel_spec_manager)
    command: list[str] = manager.format_kernel_cmd()
    module = command[command.index("-m") + 1 :][:1] if "-m" in command else []
    return command[0] if module in (["ipykernel_launcher"], ["ipykernel"]) else ""


__all__ = ["interpreter"]
