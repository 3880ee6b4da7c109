"""nbprod in JupyterLab 4 and Notebook 7: a server extension and a prebuilt labextension.

The server extension runs ``python -m nbprod`` for the browser; ``labextension/`` is what the browser loads.
"""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Tell Jupyter Server what to load."""
    from nbprod.lab.extension import NbprodExtension

    return [{"module": "nbprod.lab", "app": NbprodExtension}]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Tell ``jupyter labextension develop`` where the labextension is."""
    return [{"src": "labextension", "dest": "nbprod"}]


__all__: list[str] = []
