"""The functions of the kernel as a project has them that is made for the pandas installed here."""

from __future__ import annotations

import importlib
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from nbprod.kernel.vector_files import known, vector_files

NAME = "vector_of_installed_pandas"


@cache
def _written() -> Any:
    definitions, _ = known(pd.__version__)
    public = {name for name in definitions if not name.startswith("_")}
    with tempfile.TemporaryDirectory() as folder:
        for path, text in vector_files(public, pd.__version__).items():
            target = Path(folder, NAME, Path(path).name)
            target.parent.mkdir(exist_ok=True)
            target.write_text(text, "utf-8")
        sys.path.insert(0, folder)
        try:
            return importlib.import_module(NAME)
        finally:
            sys.path.remove(folder)


def __getattr__(name: str) -> Any:
    return getattr(_written(), name)
