"""Read notebooks: ``read(path)`` gives a frozen ``Notebook`` with magics masked line for line."""

from __future__ import annotations

from nbprod.notebook.reader import read
from nbprod.notebook.values import Cell, Notebook

__all__ = ["Cell", "Notebook", "read"]
