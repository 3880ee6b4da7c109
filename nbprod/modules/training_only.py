"""Libraries that only training needs: what reads the notebook's data, and nothing that answers a request."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from nbprod.flow.tree import walk
from nbprod.modules.imports import parsed
from nbprod.modules.late_imports import late_modules

# Readers of pandas and the library that they import themselves, by the end of a file's name.
# https://pandas.pydata.org/docs/getting_started/install.html#optional-dependencies
READERS = {
    "read_excel": {"": "openpyxl", ".xls": "xlrd", ".xlsb": "pyxlsb", ".ods": "odf"},
    "read_hdf": {"": "tables"},
    "read_html": {"": "lxml"},
    "read_xml": {"": "lxml"},
    "read_spss": {"": "pyreadstat"},
}


def training_only(
    files: Mapping[str, str], modules: Callable[[str], set[str]], values: tuple[str, ...] = ()
) -> set[str]:
    """Return import names that only ``load`` of ``data.py`` needs.

    ``modules`` tells what a source imports, ``values`` are the paths that the notebook reads.
    """
    data = files["data.py"]
    others = set().union(*(modules(text) for name, text in files.items() if name != "data.py"))
    return (late_modules(data, "load") | _readers(data, values)) - others


def _readers(source: str, values: tuple[str, ...]) -> set[str]:
    """Return the libraries with which pandas reads what ``source`` asks it for."""
    found: set[str] = set()
    for node in walk(parsed(source)):
        if isinstance(node, ast.Attribute) and node.attr in READERS:
            by_ending = READERS[node.attr]
            endings = {e for e in by_ending if e and any(v.lower().endswith(e) for v in values)}
            found |= {by_ending[ending] for ending in endings or {""}}
    return found


__all__ = ["training_only"]
