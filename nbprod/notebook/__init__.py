"""Read notebooks: ``read(path)`` gives a frozen ``Notebook`` with magics masked line for line.

``read_together`` reads several notebooks as one.
"""

from __future__ import annotations

from nbprod.notebook.reader import read, read_together
from nbprod.notebook.values import Cell, Notebook

__all__ = ["Cell", "Notebook", "read", "read_together"]
