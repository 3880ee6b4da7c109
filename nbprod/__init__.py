"""Turn a data scientist's notebook into a production package, and prove that it equals the notebook.

``nbprod.convert(path)`` is the Python door to what ``nbprod convert`` does; everything is imported on
first use, so that ``import nbprod`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbprod.pipeline import Result, convert

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in {"Result", "convert"}:
        from nbprod import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["Result", "__version__", "convert"]
