"""Turn a data scientist's notebook into a production package, and prove that it equals the notebook.

``nbprod.convert(path)`` is the Python door to what ``nbprod convert`` does, ``NotebookError`` what it raises;
everything is imported on first use, so that ``import nbprod`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbprod.findings import Finding, NotebookError
    from nbprod.pipeline import convert
    from nbprod.result import Result

__version__ = "0.1.0"
_HOMES = {
    "Finding": "nbprod.findings",
    "NotebookError": "nbprod.findings",
    "Result": "nbprod.result",
    "convert": "nbprod.pipeline",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["Finding", "NotebookError", "Result", "__version__", "convert"]
