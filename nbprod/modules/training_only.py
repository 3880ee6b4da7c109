"""Libraries that only training needs: they read the notebook's data or fit, and answer no request."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Mapping

from nbprod.flow.tree import walk
from nbprod.knowledge import table
from nbprod.modules.fitting_imports import EVERYWHERE, kept_by
from nbprod.modules.imports import parsed, top_level
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
    """Return import names that only reading and fitting need: ``load`` of ``data.py``, what is learned, the fit.

    What a kept object is of is needed wherever it is loaded. ``modules`` tells what a source imports, ``values`` are
    the paths that the notebook reads.
    """
    every = set().union(*(modules(text) for text in files.values()))
    serving: set[str] = set()
    for name, text in files.items():
        if name == "data.py":
            serving |= modules(text) - late_modules(text, "load")
        elif name == "features.py":
            serving |= _at_the_head(text)
        elif name == "model.py":
            serving |= kept_by(text, "fit_model", _import_lines(text))
        else:
            serving |= modules(text)
    found = (every | _readers(files["data.py"], values)) - serving - {"__future__"}
    return found - EVERYWHERE - set(table("fitting")["backends"]) - sys.stdlib_module_names


def _at_the_head(source: str) -> set[str]:
    """Return the top-level modules that are imported when a module is."""
    return {top_level(line) for line in _import_lines(source)}


def _import_lines(source: str) -> list[str]:
    imports = (ast.Import, ast.ImportFrom)
    return [
        ast.unparse(n)
        for n in parsed(source).body
        if isinstance(n, imports) and not getattr(n, "level", 0)
    ]


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
