"""The interpreter behind a Jupyter kernel."""

from __future__ import annotations

from typing import Any

from nbprod.interpreter import of_kernel


def interpreter(kernel_spec_manager: Any, kernel: str) -> str:
    """Return the Python that a kernel runs in.

    Args:
        kernel_spec_manager: of the server.
        kernel: the name that a notebook stores.

    Returns:
        A path; empty when the server has no such kernel or when something else than ``python -m ipykernel``
        starts it, so that its first word says nothing about the environment.
    """
    if kernel not in kernel_spec_manager.find_kernel_specs():
        return ""
    return of_kernel(kernel_spec_manager, kernel)


__all__ = ["interpreter"]
